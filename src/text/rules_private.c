#include "text/rule.h"

const struct rule_table rules_private = {NULL, 0};
