#include "paper/warm.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <time.h>

void warm_libraries(void)
{
    xmlInitParser();
    mail_warm();
    tzset(); /* reads /etc/localtime */
}
