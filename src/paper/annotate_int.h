/* paper/annotate_int.h - from places in the text to changes in the XML of a docx. Private to the layer.
 *
 * Three steps: annotate_plan.c finds for every annotation its bytes in the parts and notes marks there;
 * annotate_xml.c writes a part again with its marks; annotate_package.c adds the comments and packs. */
#ifndef PAPER_ANNOTATE_INT_H
#define PAPER_ANNOTATE_INT_H

#include "paper/annotate.h"
#include "paper/opc.h"
#include "paper/xmltree.h"

enum story { STORY_MAIN, STORY_NOTES, STORY_HEADER, STORY_COMMENTS };
enum mark_kind { MARK_START, MARK_INS, MARK_END };
/* Order of marks at one byte: what ends here, what is only here, what begins here, and what is put in front of the first
 * character of a span. */
enum mark_group { GROUP_END, GROUP_POINT, GROUP_START, GROUP_BEFORE };

struct mark {
    uint32_t at;
    enum mark_group group;
    enum mark_kind kind;
    size_t ann;
    uint32_t run; /* MARK_INS: the run whose looks the new text takes */
};
struct gone { /* deleted bytes inside one run */
    uint32_t a, b;
};

struct ann_span {
    size_t begin, end;
};

struct ann_part {
    size_t index; /* of the member */
    enum story story;
    struct xmltree t;
    struct str prefix, uri,
        decl; /* "w:"; its namespace; its declaration where the part has none, or "" */
    struct mark *marks;
    struct gone *gone; /* of accepted suggestions */
    struct gone
        *taken;     /* from the first to the last byte of each suggestion; a == b: an insertion */
    uint32_t *runs; /* that must be written again */
    size_t n_marks, cap_marks, n_gone, cap_gone, n_taken, cap_taken, n_runs, cap_runs;
};

/* What became of an annotation. */
struct ann_done {
    bool comment, change, told, moved;
    struct str put; /* MARK_INS: the text that goes in, without what is the same before and after */
    uint32_t id;    /* of the comment */
};

struct annotating {
    struct job *j;
    struct zipin *z;
    const struct annotate_list *list;
    const struct doc *d;
    const struct places *map;
    size_t *block_cp; /* where each block begins; one more: behind the end */
    struct rels rels; /* of the main part */
    const char *main_name;
    struct ann_part *parts; /* [0]: the main part; others once they are needed */
    size_t n_parts, cap_parts;
    struct ann_done *done;  /* for each of the list */
    struct ann_span *spans; /* of suggestions that were taken, in code points */
    size_t n_spans, cap_spans;
    uint32_t next_id; /* of tracked changes */
    struct str who;   /* author and date as attributes of the part being written */
};

/* Load a part if it is not there yet; NULL on failure. */
struct ann_part *annotate_part(struct annotating *n, size_t index);
/* UTF-8 of an XML part, whatever it is in. */
struct str annotate_utf8(struct job *j, struct str bytes);
bool annotate_scan(struct job *j, struct str xml, struct xmltree *out);
/* Prefix and namespace of WordprocessingML in a part, as its root has them. */
void annotate_namespace(struct job *j, struct ann_part *p);
/* One annotation to marks. */
void annotate_plan(struct annotating *n, size_t i);
/* The part with its marks; the bytes live in the arena. */
struct str annotate_write(struct annotating *n, struct ann_part *p);
/* The whole: j->a holds the result. `d` and `map` belong to the bytes of z. */
struct annotate_sources {
    struct str bytes; /* the docx */
    struct zipin *z;
    const struct doc *d;
    const struct places *map;
};
enum code annotate_package(struct job *j, const struct annotate_sources *s,
    const struct annotate_list *list, struct annotated *out, struct ann_done **done);

/* What AS_ANNOTATE carries. */
void annotate_encode(const struct annotate_list *list, struct str docx, struct buf *out);
/* In the child: the docx becomes part 0 of the answer, the counts part 1. */
enum code annotate_job(struct job *j, struct str request);

#endif
