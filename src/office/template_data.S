/* The templates of the project: the files of templates as they are. template_office.c has the list. */
    .section .rodata
    .global template_resolution_txt, template_resolution_txt_end
template_resolution_txt:
    .incbin "templates/resolution.txt"
template_resolution_txt_end:
    .byte 0
    .global template_decision_txt, template_decision_txt_end
template_decision_txt:
    .incbin "templates/decision.txt"
template_decision_txt_end:
    .byte 0
    .global template_order_txt, template_order_txt_end
template_order_txt:
    .incbin "templates/order.txt"
template_order_txt_end:
    .byte 0
    .global template_communique_txt, template_communique_txt_end
template_communique_txt:
    .incbin "templates/communique.txt"
template_communique_txt_end:
    .byte 0
    .global template_announcement_txt, template_announcement_txt_end
template_announcement_txt:
    .incbin "templates/announcement.txt"
template_announcement_txt_end:
    .byte 0
    .global template_public_notice_txt, template_public_notice_txt_end
template_public_notice_txt:
    .incbin "templates/public-notice.txt"
template_public_notice_txt_end:
    .byte 0
    .global template_opinion_txt, template_opinion_txt_end
template_opinion_txt:
    .incbin "templates/opinion.txt"
template_opinion_txt_end:
    .byte 0
    .global template_notice_txt, template_notice_txt_end
template_notice_txt:
    .incbin "templates/notice.txt"
template_notice_txt_end:
    .byte 0
    .global template_circular_txt, template_circular_txt_end
template_circular_txt:
    .incbin "templates/circular.txt"
template_circular_txt_end:
    .byte 0
    .global template_report_txt, template_report_txt_end
template_report_txt:
    .incbin "templates/report.txt"
template_report_txt_end:
    .byte 0
    .global template_request_txt, template_request_txt_end
template_request_txt:
    .incbin "templates/request.txt"
template_request_txt_end:
    .byte 0
    .global template_reply_txt, template_reply_txt_end
template_reply_txt:
    .incbin "templates/reply.txt"
template_reply_txt_end:
    .byte 0
    .global template_bill_txt, template_bill_txt_end
template_bill_txt:
    .incbin "templates/bill.txt"
template_bill_txt_end:
    .byte 0
    .global template_letter_txt, template_letter_txt_end
template_letter_txt:
    .incbin "templates/letter.txt"
template_letter_txt_end:
    .byte 0
    .global template_minutes_txt, template_minutes_txt_end
template_minutes_txt:
    .incbin "templates/minutes.txt"
template_minutes_txt_end:
    .byte 0
    .global template_speech_txt, template_speech_txt_end
template_speech_txt:
    .incbin "templates/speech.txt"
template_speech_txt_end:
    .byte 0
    .global template_outline_txt, template_outline_txt_end
template_outline_txt:
    .incbin "templates/outline.txt"
template_outline_txt_end:
    .byte 0
    .global template_host_txt, template_host_txt_end
template_host_txt:
    .incbin "templates/host.txt"
template_host_txt_end:
    .byte 0
    .global template_plan_txt, template_plan_txt_end
template_plan_txt:
    .incbin "templates/plan.txt"
template_plan_txt_end:
    .byte 0
    .global template_summary_txt, template_summary_txt_end
template_summary_txt:
    .incbin "templates/summary.txt"
template_summary_txt_end:
    .byte 0
    .global template_work_report_txt, template_work_report_txt_end
template_work_report_txt:
    .incbin "templates/work-report.txt"
template_work_report_txt_end:
    .byte 0
    .global template_study_txt, template_study_txt_end
template_study_txt:
    .incbin "templates/study.txt"
template_study_txt_end:
    .byte 0
    .global template_bulletin_txt, template_bulletin_txt_end
template_bulletin_txt:
    .incbin "templates/bulletin.txt"
template_bulletin_txt_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
