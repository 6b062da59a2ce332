/* eml by GMime: header, body, attachments as parts. */
#include <gmime/gmime.h>
#include <string.h>

#include "paper/charset.h"
#include "paper/formats.h"
#include "paper/warm.h"

enum { DEPTH_MAX = 40, PARTS_MAX = 2000 };

struct eml {
    struct job *j;
    GMimeParserOptions *options;
    struct str plain, plain_charset, html, html_charset; /* the first of each */
    bool has_plain, has_html;
    size_t parts;
    int depth;
};

void mail_warm(void)
{
    GMimeStream *s;
    GMimeParser *p;
    GMimeMessage *m;
    static const char probe[] =
        "Subject: =?gb2312?B?zajWqg==?=\nContent-Type: text/plain; charset=gb2312\n"
        "Date: Mon, 2 Mar 2026 08:00:00 +0800\n\n\xCD\xA8\n";

    g_mime_init();
    s = g_mime_stream_mem_new_with_buffer(probe, sizeof(probe) - 1);
    p = g_mime_parser_new_with_stream(s);
    m = g_mime_parser_construct_message(p, NULL);
    if (m) {
        (void)g_mime_message_get_subject(
            m); /* types, converters and time zones are set up lazily */
        GDateTime *t = g_mime_message_get_date(m);
        GDateTime *local = t ? g_date_time_to_local(t) : NULL;
        if (local)
            g_date_time_unref(local);
        g_object_unref(m);
    }
    g_object_unref(p);
    g_object_unref(s);
}

/* The bytes of a part once its transfer encoding is undone. */
static struct str part_bytes(struct eml *w, GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GMimeStream *mem;
    GByteArray *bytes;
    struct str s = {"", 0};

    if (!content)
        return s;
    mem = g_mime_stream_mem_new();
    if (g_mime_data_wrapper_write_to_stream(content, mem) >= 0) {
        bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
        if (job_unpacked(w->j, bytes->len))
            s = arena_str(w->j->a, (struct str){(const char *)bytes->data, bytes->len});
    }
    g_object_unref(mem);
    return s;
}

static struct str object_name(struct eml *w, GMimeObject *o, const char *otherwise)
{
    const char *name = GMIME_IS_PART(o) ? g_mime_part_get_filename(GMIME_PART(o)) : NULL;
    struct buf b = {0};
    struct str s;

    if (!name)
        name = g_mime_object_get_content_type_parameter(o, "name");
    if (!name || !*name)
        name = otherwise;
    /* a name in bare GBK, which no standard allows and old programs send */
    (void)charset_decode(&b, str_z(name), charset_detect(str_z(name)).name);
    s = job_member_name(w->j, buf_view(&b));
    buf_release(&b);
    return s;
}

static void add_part(struct eml *w, struct str name, struct str bytes)
{
    if (++w->parts > PARTS_MAX) {
        (void)JOB_FAIL(w->j, E_LIMIT, "附件超过上限 %d 个", (int)PARTS_MAX);
        return;
    }
    job_part(w->j, name, bytes);
}

static void attached_message(struct eml *w, GMimeMessagePart *mp)
{
    GMimeMessage *inner = g_mime_message_part_get_message(mp);
    const char *subject = inner ? g_mime_message_get_subject(inner) : NULL;
    struct str name =
        arena_cat(w->j->a, job_property(w->j, str_z(subject ? subject : "转发的邮件")), S(".eml"));
    char *text;

    if (!inner)
        return;
    text = g_mime_object_to_string(GMIME_OBJECT(inner), NULL);
    if (text && job_unpacked(w->j, strlen(text)))
        add_part(w, name, arena_str(w->j->a, str_z(text)));
    g_free(text);
}

static void leaf(struct eml *w, GMimeObject *o)
{
    GMimeContentType *type = g_mime_object_get_content_type(o);
    GMimeContentDisposition *disp = g_mime_object_get_content_disposition(o);
    const char *cs = type ? g_mime_content_type_get_parameter(type, "charset") : NULL;
    bool attached = disp && g_mime_content_disposition_is_attachment(disp);
    bool named = GMIME_IS_PART(o) && g_mime_part_get_filename(GMIME_PART(o)) != NULL;
    bool plain = g_mime_content_type_is_type(type, "text", "plain");
    bool html = g_mime_content_type_is_type(type, "text", "html");

    if (!GMIME_IS_PART(o))
        return;
    struct str bytes = part_bytes(w, GMIME_PART(o));
    if (plain && !attached && !named && !w->has_plain) {
        w->plain = bytes;
        w->plain_charset = arena_str(w->j->a, str_z(cs));
        w->has_plain = true;
    } else if (html && !attached && !named && !w->has_html) {
        w->html = bytes;
        w->html_charset = arena_str(w->j->a, str_z(cs));
        w->has_html = true;
    } else if (attached || named || (!plain && !html)) {
        if (!attached && !named && g_mime_content_type_is_type(type, "image", "*"))
            return; /* pictures of the page, signatures */
        add_part(w, object_name(w, o, "未命名附件"), bytes);
    }
}

// NOLINTNEXTLINE(misc-no-recursion): DEPTH_MAX
static void walk(struct eml *w, GMimeObject *o)
{
    if (!o || !job_ok(w->j))
        return;
    if (w->depth >= DEPTH_MAX) {
        (void)JOB_FAIL(w->j, E_LIMIT, "邮件嵌套超过上限 %d 层", (int)DEPTH_MAX);
        return;
    }
    w->depth++;
    if (GMIME_IS_MULTIPART(o)) {
        GMimeMultipart *m = GMIME_MULTIPART(o);
        for (int i = 0; i < g_mime_multipart_get_count(m) && job_ok(w->j); i++)
            walk(w, g_mime_multipart_get_part(m, i));
    } else if (GMIME_IS_MESSAGE_PART(o)) {
        attached_message(w, GMIME_MESSAGE_PART(o));
    } else {
        leaf(w, o);
    }
    w->depth--;
}

/* ---- header ---- */

/* A subject in bare GBK, which no standard allows and old programs send, is decoded by its looks. */
static struct str subject_text(struct eml *w, GMimeMessage *m, const char *decoded)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(m));
    GMimeHeader *h = g_mime_header_list_get_header(list, "Subject");
    const char *raw = h ? g_mime_header_get_raw_value(h) : NULL;
    struct str s = str_z(raw), out;
    struct buf b = {0};
    bool eight = false;

    for (size_t i = 0; i < s.n; i++)
        eight = eight || (unsigned char)s.p[i] >= 0x80;
    if (!eight)
        return job_property(w->j, str_z(decoded));
    (void)charset_decode(&b, str_trim(s), charset_detect(str_trim(s)).name);
    out = job_property(w->j, buf_view(&b));
    buf_release(&b);
    return out;
}

static void header(struct eml *w, GMimeMessage *m)
{
    struct job *j = w->j;
    const char *subject = g_mime_message_get_subject(m);
    InternetAddressList *from = g_mime_message_get_from(m);
    GDateTime *date = g_mime_message_get_date(m);
    if (subject)
        j->d.title = subject_text(w, m, subject);
    if (from && internet_address_list_length(from) > 0) {
        InternetAddress *one = internet_address_list_get_address(from, 0);
        const char *name = internet_address_get_name(one);
        const char *addr = INTERNET_ADDRESS_IS_MAILBOX(one)
                               ? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one))
                               : NULL;
        struct str s = arena_printf(j->a, name && *name && addr ? "%s <%s>" : "%s%s",
            name && *name ? name : "", addr ? addr : "");
        j->d.author = job_property(j, s);
    }
    if (date) { /* the day in the sender's own zone: the one written in the mail */
        int y = g_date_time_get_year(date);
        if (y >= 1900 && y <= 2999)
            j->d.date = arena_printf(j->a, "%04d-%02d-%02d", y, g_date_time_get_month(date),
                g_date_time_get_day_of_month(date));
    }
}

static void body(struct eml *w)
{
    struct job *j = w->j;
    struct str text = {"", 0}, line;

    if (w->has_plain && str_trim(w->plain).n > 0) {
        if (text_utf8(j, w->plain, w->plain_charset, &text) != OK)
            return;
        while (str_next(&text, S("\n"), &line))
            job_block(j, BLOCK_PARA, 0, line);
    } else if (w->has_html && w->html.n > 0) {
        struct str title = j->d.title, author = j->d.author, date = j->d.date;
        (void)read_html(j, w->html, w->html_charset);
        j->d.title = title; /* the page's own properties are not the mail's */
        j->d.author = author;
        j->d.date = date;
    }
}

enum code read_eml(struct job *j, struct str bytes)
{
    const char *guesses[] = {"utf-8", "gb18030", NULL};
    struct eml w = {.j = j};
    GMimeStream *s = g_mime_stream_mem_new_with_buffer(bytes.p, bytes.n);
    GMimeParser *p = g_mime_parser_new_with_stream(s);
    GMimeMessage *m;

    w.options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(w.options, guesses);
    m = g_mime_parser_construct_message(p, w.options);
    if (!m) {
        (void)JOB_FAIL(j, E_INPUT, "邮件无法读取，文件可能已损坏");
    } else {
        header(&w, m);
        walk(&w, g_mime_message_get_mime_part(m));
        if (job_ok(j))
            body(&w);
        for (size_t i = 0; i < j->d.n_parts && job_ok(j); i++)
            job_block(j, BLOCK_ATTACH, 0, j->d.parts[i].name);
        g_object_unref(m);
    }
    j->d.format = FORMAT_EML;
    g_mime_parser_options_free(w.options);
    g_object_unref(p);
    g_object_unref(s);
    return j->failed;
}
