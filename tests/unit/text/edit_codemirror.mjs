// text/edit against @codemirror/state itself: random texts and change sets, each operation by both, section by section.
//   node tests/unit/text/edit_codemirror.mjs PROGRAM [CASES] [SEED]
import { execFileSync } from 'node:child_process'
import { ChangeSet, Text } from '@codemirror/state'

const [program, cases = '3000', begin = '20261124'] = process.argv.slice(2)
let seed = Number(begin)
const random = n => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0, Math.floor(seed / 4294967296 * n))
const letters = ['甲', '乙', '，', '。', '\n', 'a', '7', ' ', '𠮷', '😀', '\\', '"', '<', '\u2028', '一、', '（二）']
const word = n => Array.from({ length: random(n) }, () => letters[random(letters.length)]).join('')

/** A place that cuts no character. */
const place = (text, from = 0) => {
    const at = from + random(text.length - from + 1)
    return at > from && at < text.length && text.charCodeAt(at) >= 0xdc00 && text.charCodeAt(at) < 0xe000 ? at - 1 : at
}

function changes(text) {
    const list = []
    for (let at = 0, n = random(5); n--;) {
        const from = place(text, at), to = random(2) ? from : place(text, from)
        if (from < at) break
        list.push({ from, to, insert: random(4) ? word(6) : '' })
        at = to
    }
    return ChangeSet.of(list, text.length)
}

const asked = [], wanted = []
const ask = (question, answer) => { asked.push(JSON.stringify(question)); wanted.push(answer) }
for (let i = 0; i < Number(cases); i++) {
    const text = word(30), a = changes(text), b = changes(text)
    const behind = a.apply(Text.of(text.split('\n'))).toString(), c = changes(behind), d = changes(behind)
    ask(['apply', a.toJSON(), text], behind)
    ask(['compose', a.toJSON(), c.toJSON()], a.compose(c).toJSON())
    ask(['compose', a.compose(c).toJSON(), changes(c.apply(Text.of(behind.split('\n'))).toString()).toJSON()], null)
    for (const first of [false, true]) {
        ask(['map', a.toJSON(), b.toJSON(), first], a.map(b, first).toJSON())
        ask(['map', a.compose(c).toJSON(), b.toJSON(), first], a.compose(c).map(b, first).toJSON())
        ask(['map', c.toJSON(), d.toJSON(), first], c.map(d, first).toJSON())
    }
    for (const assoc of [-1, 1]) {
        const at = random(text.length + 1)
        ask(['pos', a.toJSON(), at, assoc], a.mapPos(at, assoc))
    }
    ask(['between', text, behind], set => ChangeSet.fromJSON(set).apply(Text.of(text.split('\n'))).toString() === behind)
    ask(['apply', a.toJSON(), text + 'x'], { failed: 1 })
}
// a third set composed: its answer is asked of the library now that both sides have the same two
for (let i = 0; i < asked.length; i++)
    if (wanted[i] === null) {
        const [, x, y] = JSON.parse(asked[i])
        wanted[i] = ChangeSet.fromJSON(x).compose(ChangeSet.fromJSON(y)).toJSON()
    }

const answers = execFileSync(program, { input: asked.join('\n') + '\n', encoding: 'utf8', maxBuffer: 1 << 30 }).trimEnd().split('\n')
let wrong = answers.length === asked.length ? 0 : 1
for (let i = 0; i < asked.length && wrong < 5; i++) {
    const got = JSON.parse(answers[i]), want = wanted[i]
    const right = typeof want === 'function' ? want(got) : JSON.stringify(got) === JSON.stringify(want)
    if (!right) {
        wrong++
        console.log(`${asked[i]}\n  here    ${answers[i]}\n  library ${JSON.stringify(want)}`)
    }
}
console.log(`edit: ${asked.length} operations of ${cases} texts, ${wrong} wrong`)
process.exit(wrong ? 1 : 0)
