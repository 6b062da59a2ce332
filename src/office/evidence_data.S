/* The built-in clauses of inspections: data/clauses.tsv as it is. */
    .section .rodata
    .global clause_seed_begin, clause_seed_end
clause_seed_begin:
    .incbin "data/clauses.tsv"
clause_seed_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
