/* web/view.h - what every template may use besides its page: the shell around it and small helpers. */
#ifndef WEB_VIEW_H
#define WEB_VIEW_H

#include "pages.h"
#include "web/tmpl.h"

struct nav_item {
    const char *href, *name, *icon;
    int64_t count; /* a badge when > 0 */
    bool current;
};

/* Around the page; never in its JSON. */
struct shell {
    bool signed_in;
    bool may_search;   /* reads the library: the head has a search box */
    bool may_items;    /* takes part in matters: the head has a bell */
    int64_t notices;   /* unread */
    bool demo;         /* a demonstration: every page says so */
    bool practice;     /* a practice office: marked on every page and sheet */
    bool light;        /* the portal: without the styles and scripts of other pages */
    bool phone;        /* asked for by a phone: pages of the hand layout bring little */
    bool closed_words; /* what is typed here is not kept on the device: it may be 工作秘密 */
    int64_t person;
    struct str user, login; /* the person's name and login */
    struct str csrf;
    struct str said; /* a message that the page itself does not show */
    struct str q;    /* the query of the search page, for the box in the head */
    const char *version;
    struct nav_item *entries, *tabs, *menu;
    size_t n_entries, n_tabs, n_menu;
};

const char *asset(const char *name); /* URL of a static file; its absence is our mistake (assert) */
struct url_part url(struct str s);

/* A list with its length as one value, so that a part can take it. */
struct choice_list {
    const struct choice *v;
    size_t n_v;
};
struct import_list {
    const struct import_row *v;
    size_t n_v;
};
struct touch_list {
    const struct touch_row *v;
    size_t n_v;
};
struct item_list {
    const struct item_row *v;
    size_t n_v;
};
struct ask_list {
    const struct ask_row *v;
    size_t n_v;
};
struct word_list {
    const struct ask_word *v;
    size_t n_v;
};
struct item_picked_list {
    const struct item_picked *v;
    size_t n_v;
};
struct original_list {
    const struct original_row *v;
    size_t n_v;
};
struct known_list {
    const struct known_row *v;
    size_t n_v;
};
struct cover_list {
    const struct stand_in *v;
    size_t n_v;
};
struct duty_list {
    const struct duty_row *v;
    size_t n_v;
};
struct pack_list {
    const struct pack_row *v;
    size_t n_v;
};
struct climb_list {
    const struct climb_row *v;
    size_t n_v;
};
struct outcome_list {
    const struct outcome_row *v;
    size_t n_v;
};
#endif
