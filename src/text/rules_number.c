#include "text/rule.h"

const struct rule_table rules_number = {NULL, 0};
