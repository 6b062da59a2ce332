/* intake_secret.c - passwords of mailboxes, in DIR/intake.secret. */
#include "office/intake_int.h"
#include "office/keyring.h"

#define SECRETS "intake.secret"

enum code intake_secret_set(
    const struct office *o, int64_t source, struct str password, struct err *e)
{
    return keyring_set(o->dir, SECRETS, source, password, e);
}

enum code intake_secret_get(
    const struct office *o, struct arena *a, int64_t source, struct str *password, struct err *e)
{
    bool found;
    TRY(keyring_get(o->dir, SECRETS, a, source, password, &found, e));
    if (!found)
        return FAIL(
            e, E_NOTFOUND, "本机没有这个邮箱的口令，请在保存口令的那台机器上收信，或重新添加");
    return OK;
}
