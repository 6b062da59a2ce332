/* paper/words.h - where the words of a title end, so that a line need not end inside one (词意完整, GB/T 9704-2012 7.3.1).
 *
 * Words are those of ICU's Chinese dictionary (ubrk, UAX #29), mended by what it does not know: numbers with their measures, words and terms
 * of offices (a table), and characters it leaves alone. In 6.4 million characters of published documents (ICU 72) two characters left side by
 * side were nearly always a word it does not know (整改, 印发, 预案), one behind a word its ending (委员会, 许可证). */
#ifndef PAPER_WORDS_H
#define PAPER_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum word_gap {
    WORD_INSIDE, /* of a word, or of a number */
    WORD_DOUBT, /* beside a character that is no word of the dictionary's and may belong to either side */
    WORD_TERM, /* between two words that are one term: 安全|生产, 第三届|职工代表大会 */
    WORD_END
};

/* What is in front of each of n characters, of one line without a break; gap[0] is WORD_END. Without ICU's data everything between Chinese
 * characters is WORD_DOUBT. Any thread; what ICU keeps of its own is shared and locked by it. */
void words_find(const uint32_t *cp, size_t n, uint8_t *gap);

#endif
