#include "text/rule.h"

const struct rule_table rules_form = {NULL, 0};
