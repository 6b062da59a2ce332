/* The built-in set wording: lexicon/terms.tsv as it is. */
    .section .rodata
    .global term_seed_begin, term_seed_end
term_seed_begin:
    .incbin "lexicon/terms.tsv"
term_seed_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
