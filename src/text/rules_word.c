#include "text/rule.h"

const struct rule_table rules_word = {NULL, 0};
