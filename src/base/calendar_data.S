/* The built-in calendar: data/calendar.tsv as it is. */
    .section .rodata
    .global calendar_tsv, calendar_tsv_end
calendar_tsv:
    .incbin "data/calendar.tsv"
calendar_tsv_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
