#include "text/rule.h"

const struct rule_table rules_logic = {NULL, 0};
