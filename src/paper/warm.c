#include "paper/warm.h"

#include <cairo.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <time.h>

void warm_libraries(void)
{
    xmlInitParser();
    mail_warm();
    /* what draws a picture looks at the processor once */
    cairo_surface_destroy(cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1));
    tzset(); /* reads /etc/localtime */
}
