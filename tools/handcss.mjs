// The styles of the pages that are answered on the move (templates with "layout front", "layout hand" or "layout door"), out of all styles: what
// those pages cannot use is left out, so that a first visit on a slow line carries little. Where one begins ("front", "door") there is less still;
// what the other pages use comes behind it (hand.ts). Printing is a file of its own, fetched when somebody prints.
//   node tools/handcss.mjs ALL.css TEMPLATES SOURCES... -- FRONT_SOURCES... -- FRONT.css HAND.css PRINT.css
// ALL.css: everything, bundled and minified. TEMPLATES: the folder. SOURCES: C and TypeScript that name classes in their strings.
// A rule stays if each class and id of its selector stands in a class or id of those templates and the parts they use, or in a string of the
// sources that could be a class.
import { readdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'

const args = process.argv.slice(2), cut = args.indexOf('--'), last = args.lastIndexOf('--')
const [all, folder, ...sources] = args.slice(0, cut), frontSources = args.slice(cut + 1, last), [frontTo, handTo, printTo] = args.slice(last + 1)

/** The templates of such pages with all parts and layouts that they use. */
function templates(layouts) {
    const files = readdirSync(folder).filter(f => f.endsWith('.html')), text = f => readFileSync(join(folder, f), 'utf8')
    const known = new Map(files.map(f => [text(f).match(/<%@ (part|layout) (\w+)/)?.slice(1).join(' ') ?? f, f]))
    const todo = files.filter(f => layouts.includes(text(f).match(/<%@ page \w+ layout (\w+)\(/)?.[1])), done = new Map()
    todo.push(...layouts.map(l => known.get(`layout ${l}`)))
    while (todo.length) {
        const f = todo.pop()
        if (!f || done.has(f)) continue
        done.set(f, text(f))
        for (const [, name] of done.get(f).matchAll(/<% part (\w+)\(/g)) todo.push(known.get(`part ${name}`))
    }
    return [...done.values()]
}

/** The names of classes that those pages may bear. */
function names(layouts, sources) {
    const words = new Set(), take = text => { for (const [w] of text.matchAll(/[A-Za-z_][\w-]*/g)) words.add(w) }
    for (const t of templates(layouts)) for (const [, s] of t.matchAll(/\b(?:class|id)="((?:<%[\s\S]*?%>|[^"])*)"/g)) take(s)
    for (const f of sources) for (const [, s] of readFileSync(f, 'utf8').matchAll(/["'`]([a-z][\w -]*)["'`]/g)) take(s)
    for (const w of ['doc', 'sheet']) words.delete(w) // named in C for other reasons: documents are read elsewhere
    return words
}
const front = names(['front', 'door'], frontSources), words = new Set([...names(['front', 'hand', 'door'], sources), ...front])

/** Rules and blocks of a minified sheet: [[head, body or null]]. */
function parts(css) {
    const out = []
    for (let at = 0; at < css.length;) {
        const open = css.slice(at).search(/[{;]/) + at
        if (open < at) break
        if (css[open] === ';') { out.push([css.slice(at, open), null]); at = open + 1; continue }
        let depth = 1, end = open + 1, quote = ''
        for (; depth && end < css.length; end++) {
            const c = css[end]
            if (quote) { if (c === '\\') end++; else if (c === quote) quote = '' }
            else if (c === '"' || c === "'") quote = c
            else if (c === '{') depth++
            else if (c === '}') depth--
        }
        out.push([css.slice(at, open), css.slice(open + 1, end - 1)])
        at = end
    }
    return out
}

/** The commas that divide selectors, not those within brackets. */
function selectors(head) {
    const out = []
    let depth = 0, from = 0
    for (let i = 0; i <= head.length; i++) {
        if (head[i] === '(' || head[i] === '[') depth++
        else if (head[i] === ')' || head[i] === ']') depth--
        else if (i === head.length || (head[i] === ',' && !depth)) { out.push(head.slice(from, i)); from = i + 1 }
    }
    return out
}
const bare = s => s.replace(/\[[^\]]*\]|"[^"]*"/g, '')
const within = set => s => [...bare(s).matchAll(/[.#]([A-Za-z_][\w-]*)/g)].every(([, name]) => set.has(name))
const used = within(words), first = within(front)
const hover = s => /:hover/.test(s) // a finger does not hover; what it touched last would stay marked

/** The rules whose selectors fit, of the screen or of paper. */
function keep(css, print, fits) {
    let out = ''
    for (const [head, body] of parts(css)) {
        if (body === null) continue
        const onPaper = /^@page|^@media print/.test(head)
        if (head.startsWith('@keyframes')) { if (!print) out += `${head}{${body}}`; continue }
        if (head.startsWith('@page')) { if (print) out += `${head}{${body}}`; continue }
        if (head.startsWith('@')) {
            const inner = onPaper === print ? keep(body, false, fits) : ''
            if (inner) out += `${head}{${inner}}`
            continue
        }
        if (print) continue
        const left = selectors(head).filter(s => fits(s) && !hover(s))
        if (left.length) out += `${left.join(',')}{${body}}`
    }
    return out
}

const css = readFileSync(all, 'utf8').trim()
const write = (file, text) => { if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text) }
write(frontTo, keep(css, false, first))
write(handTo, keep(css, false, used))
write(printTo, keep(css, true, used))
