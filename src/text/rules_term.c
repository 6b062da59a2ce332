#include "text/rule.h"

const struct rule_table rules_term = {NULL, 0};
