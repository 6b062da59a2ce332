/* The built-in kinds: the files of kinds as they are. kind.c has the list. */
    .section .rodata
    .global kind_incoming_yaml, kind_incoming_yaml_end
kind_incoming_yaml:
    .incbin "kinds/incoming.yaml"
kind_incoming_yaml_end:
    .byte 0
    .global kind_relay_yaml, kind_relay_yaml_end
kind_relay_yaml:
    .incbin "kinds/relay.yaml"
kind_relay_yaml_end:
    .byte 0
    .global kind_supervision_yaml, kind_supervision_yaml_end
kind_supervision_yaml:
    .incbin "kinds/supervision.yaml"
kind_supervision_yaml_end:
    .byte 0
    .global kind_meeting_yaml, kind_meeting_yaml_end
kind_meeting_yaml:
    .incbin "kinds/meeting.yaml"
kind_meeting_yaml_end:
    .byte 0
    .global kind_countersign_yaml, kind_countersign_yaml_end
kind_countersign_yaml:
    .incbin "kinds/countersign.yaml"
kind_countersign_yaml_end:
    .byte 0
    .global kind_request_yaml, kind_request_yaml_end
kind_request_yaml:
    .incbin "kinds/request.yaml"
kind_request_yaml_end:
    .byte 0
    .global kind_seal_yaml, kind_seal_yaml_end
kind_seal_yaml:
    .incbin "kinds/seal.yaml"
kind_seal_yaml_end:
    .byte 0
    .global kind_leave_yaml, kind_leave_yaml_end
kind_leave_yaml:
    .incbin "kinds/leave.yaml"
kind_leave_yaml_end:
    .byte 0
    .global kind_oral_yaml, kind_oral_yaml_end
kind_oral_yaml:
    .incbin "kinds/oral.yaml"
kind_oral_yaml_end:
    .byte 0
    .global kind_urgent_yaml, kind_urgent_yaml_end
kind_urgent_yaml:
    .incbin "kinds/urgent.yaml"
kind_urgent_yaml_end:
    .byte 0
    .global kind_call_yaml, kind_call_yaml_end
kind_call_yaml:
    .incbin "kinds/call.yaml"
kind_call_yaml_end:
    .byte 0
    .global kind_mistake_yaml, kind_mistake_yaml_end
kind_mistake_yaml:
    .incbin "kinds/mistake.yaml"
kind_mistake_yaml_end:
    .byte 0
    .global kind_issue_yaml, kind_issue_yaml_end
kind_issue_yaml:
    .incbin "kinds/issue.yaml"
kind_issue_yaml_end:
    .byte 0
    .global kind_speech_yaml, kind_speech_yaml_end
kind_speech_yaml:
    .incbin "kinds/speech.yaml"
kind_speech_yaml_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
