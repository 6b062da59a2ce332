#include "text/rule.h"

const struct rule_table rules_quote = {NULL, 0};
