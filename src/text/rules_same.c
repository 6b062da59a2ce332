#include "text/rule.h"

const struct rule_table rules_same = {NULL, 0};
