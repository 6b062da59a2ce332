#include "text/rule.h"

const struct rule_table rules_repeat = {NULL, 0};
