#!/usr/bin/python3
"""Drafts for bench/match: letters of citizens with altered sentences of the corpus planted in them.

  match_drafts.py CORPUS REPLIES OUT [SEED] [DRAFTS]

CORPUS has meta.tsv and txt/; REPLIES is a table whose fifth column is a letter. Into OUT go draft0.txt ... of
some 10,000 characters, thirty plants each, and truth.tsv: draft, begin, end (code points), document, edits, Han characters of the
sentence before the edits. A plant has 15 to 60 Han characters; one to three of them are replaced, added or taken away.
work_report.txt: the first 10,000 characters of the latest work report, with its document in the first line of work_report.id.
"""
import os
import random
import re
import sys

LENGTH, PLANTS = 10000, 30
HAN = re.compile("[\u4e00-\u9fff]")
COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"


def bodies(corpus):
    rows = []
    with open(os.path.join(corpus, "meta.tsv"), encoding="utf-8") as meta:
        next(meta)
        for line in meta:
            cells = line.rstrip("\n").split("\t")
            if len(cells) > 3:
                rows.append((cells[0], cells[3]))
    return rows


def body(corpus, number):
    with open(os.path.join(corpus, "txt", number[:3], number + ".txt"), encoding="utf-8") as f:
        return f.read().partition("\n")[2].rstrip("\n")


def filler(replies, rng):
    out = []
    with open(replies, encoding="utf-8") as f:
        next(f)
        for line in f:
            cells = line.rstrip("\n").split("\t")
            if len(cells) < 5:
                continue
            letter = re.sub(r"\s+", "", cells[4])
            out += [s + "。" for s in letter.split("。") if 10 < len(s) < 80]
    rng.shuffle(out)
    return out


def altered(sentence, edits, rng):
    chars = list(sentence)
    for _ in range(edits):
        at = rng.choice([i for i, c in enumerate(chars) if HAN.match(c)])
        what = rng.randrange(3)
        if what == 0:
            chars[at] = rng.choice([c for c in COMMON if c != chars[at]])
        elif what == 1:
            chars.insert(at, rng.choice(COMMON))
        else:
            del chars[at]
    return "".join(chars)


def sentences(corpus, rows, n, rng):
    found, seen = [], set()
    while len(found) < n:
        number = rng.choice(rows)[0]
        s = rng.choice(re.split("[。；\n]", body(corpus, number))).strip()
        han = len(HAN.findall(s))
        if 15 <= han <= 60 and s not in seen:
            seen.add(s)
            found.append((number, s, han))
    return found


def main():
    corpus, replies, out = sys.argv[1:4]
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    drafts = int(sys.argv[5]) if len(sys.argv) > 5 else 10
    rng = random.Random(seed)
    rows = bodies(corpus)
    letters = filler(replies, rng)
    plants = sentences(corpus, rows, drafts * PLANTS, rng)
    used = 0
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "truth.tsv"), "w", encoding="utf-8") as truth:
        for d in range(drafts):
            plan = plants[d * PLANTS : (d + 1) * PLANTS]
            between = (LENGTH - sum(len(s) for _, s, _ in plan)) // (PLANTS + 1)
            text = ""
            for i, (number, s, han) in enumerate(plan):
                goal = len(text) + between
                while len(text) < goal:
                    text += letters[used % len(letters)]
                    used += 1
                edits = 1 + (d * PLANTS + i) % 3
                s = altered(s, edits, rng)
                truth.write(f"{d}\t{len(text)}\t{len(text) + len(s)}\t{int(number)}\t{edits}\t{han}\n")
                text += s + "。"
            while len(text) < LENGTH:
                text += letters[used % len(letters)]
                used += 1
            with open(os.path.join(out, f"draft{d}.txt"), "w", encoding="utf-8") as f:
                f.write(text)
    reports = [(t, n) for n, t in rows if re.match(r"20\d\d年.*政府工作报告", t)]
    if reports:
        number = max(r for r in reports if len(body(corpus, r[1])) >= LENGTH)[1]
        with open(os.path.join(out, "work_report.txt"), "w", encoding="utf-8") as f:
            f.write(body(corpus, number)[:LENGTH])
        with open(os.path.join(out, "work_report.id"), "w", encoding="utf-8") as f:
            f.write(f"{int(number)}\n")


if __name__ == "__main__":
    main()
