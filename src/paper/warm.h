/* paper/warm.h - what libraries want to open or allocate once, before the cage. Private to the layer. */
#ifndef PAPER_WARM_H
#define PAPER_WARM_H

void warm_libraries(void);
void mail_warm(void); /* in eml.c, beside what it knows of GMime */

#endif
