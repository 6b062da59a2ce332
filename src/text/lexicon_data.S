/* The built-in word lists: the files of lexicon as they are. */
    .section .rodata
    .global lexicon_typo_tsv, lexicon_typo_tsv_end
    .global lexicon_near_tsv, lexicon_near_tsv_end
    .global lexicon_faulty_tsv, lexicon_faulty_tsv_end
    .global lexicon_dated_tsv, lexicon_dated_tsv_end
lexicon_typo_tsv:
    .incbin "lexicon/typo.tsv"
lexicon_typo_tsv_end:
    .byte 0
lexicon_near_tsv:
    .incbin "lexicon/near.tsv"
lexicon_near_tsv_end:
    .byte 0
lexicon_faulty_tsv:
    .incbin "lexicon/faulty.tsv"
lexicon_faulty_tsv_end:
    .byte 0
lexicon_dated_tsv:
    .incbin "lexicon/dated.tsv"
lexicon_dated_tsv_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
