// Registering papers as a clerk does it: by keys alone, counted.
import { assert } from '../harness.mjs'

/** Every press of a key, as the person at the keyboard makes it. Text typed by an input method counts as its characters. */
export class Keys {
    constructor(page) { this.page = page; this.n = 0 }
    async press(...keys) {
        for (const k of keys) { await this.page.keyboard.press(k); this.n++ }
    }
    async type(text) {
        if (/^[\x20-\x7e]*$/.test(text)) await this.page.keyboard.type(text)
        else await this.page.keyboard.insertText(text)
        this.n += [...text].length
    }
}

/** A red-headed paper as text, which the reader of metadata understands. */
export const paper = ({ sender, docno, title, day, body = '各单位要高度重视，认真抓好落实。', urgency = '' }) =>
    `${urgency ? urgency + '\n' : ''}${sender}文件\n\n${docno}\n\n${title}\n\n各市、州国资委，各省属企业：\n\n    ${body}\n\n${sender}\n${day}\n`

/** The number that stands as the last one. */
export const last = page => page.textContent('[data-last]')

/** F2, and wait until the number of the paper before has been followed by another. */
export async function save(page, keys) {
    const before = await last(page)
    await keys.press('F2')
    await page.waitForFunction(b => document.querySelector('[data-last]').textContent !== b, before)
    return last(page)
}

/** Registers these papers one behind the other, all files chosen at once; the numbers they got. `correct`: what the clerk mends, by index. */
export async function registerAll(page, papers, keys = new Keys(page), correct = async () => {}) {
    await page.setInputFiles('form[data-register] input[type=file]', papers.map((p, i) => (
        { name: p.name ?? `来文${i + 1}.txt`, mimeType: p.mimeType ?? 'text/plain', buffer: p.buffer ?? Buffer.from(paper(p)) })))
    const numbers = []
    for (let i = 0; i < papers.length; i++) {
        await page.waitForFunction(t => document.querySelector('[name=subject]').value === t, papers[i].title)
        await correct(i, papers[i], keys)
        numbers.push(await save(page, keys))
    }
    assert.equal(new Set(numbers).size, papers.length)
    return numbers
}
