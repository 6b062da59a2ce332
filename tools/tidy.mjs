// clang-tidy over every source of the dev build, in parallel; a source whose text, headers and checks have
// not changed since it was clean is not run again (build/tidy/).
//   node tools/tidy.mjs [FILE...]
// Sources named in tools/tidy-pending.txt are passed over, and counted, unless they are named: work that is still to be
// cut into smaller steps. The list only ever gets shorter.
import { spawn, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const build = join(root, 'build/dev')
const cache = join(root, 'build/tidy')
mkdirSync(cache, { recursive: true })

const texts = new Map()
const digest = file => {
    if (!texts.has(file)) texts.set(file, createHash('sha256').update(readFileSync(file)).digest('hex'))
    return texts.get(file)
}

/** object file -> the project's files it was made from, as ninja noted them */
function readDeps() {
    const deps = new Map()
    let list
    for (const line of execFileSync('ninja', ['-C', build, '-t', 'deps'], { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n')) {
        if (/^\S.*: #deps/.test(line)) deps.set(line.slice(0, line.indexOf(':')), list = [])
        else if (line.startsWith('    ')) {
            const file = resolve(build, line.trim())
            if (file.startsWith(root + '/') && existsSync(file)) list.push(file)
        }
    }
    return deps
}

const deps = readDeps()
const version = execFileSync('clang-tidy', ['--version'], { encoding: 'utf8' })
/** the checks that hold for a file: every .clang-tidy from the root down to it */
const checksOf = file => {
    let dir = root, all = ''
    for (const step of ['', ...relative(root, dirname(file)).split('/')]) {
        dir = join(dir, step)
        if (existsSync(join(dir, '.clang-tidy'))) all += digest(join(dir, '.clang-tidy'))
    }
    return all
}
const only = process.argv.slice(2).map(f => resolve(f))
const pending = new Set(readFileSync(join(root, 'tools/tidy-pending.txt'), 'utf8').split('\n')
    .map(l => l.replace(/#.*/, '').trim()).filter(Boolean).map(f => join(root, f)))
const seen = new Set()
const work = []
let passed = 0
for (const c of JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'))) {
    if (!c.file.endsWith('.c') || !c.file.startsWith(root + '/') || c.file.startsWith(build) || seen.has(c.file)) continue
    if (only.length && !only.includes(c.file)) continue
    seen.add(c.file)
    if (!only.length && pending.has(c.file)) {
        passed++
        continue
    }
    const from = [...new Set([c.file, ...(deps.get(c.output ?? c.command.match(/ -o (\S+)/)[1]) ?? [])])].sort()
    const key = createHash('sha256').update(version + checksOf(c.file) + c.command + from.map(digest).join()).digest('hex')
    if (!existsSync(join(cache, key))) work.push({ file: c.file, key })
}

const total = work.length
let failed = 0
const began = Date.now()
async function worker() {
    for (let w; (w = work.shift());) {
        const child = spawn('clang-tidy', ['--quiet', '-p', build, w.file], { stdio: ['ignore', 'pipe', 'ignore'] })
        let out = ''
        child.stdout.on('data', d => out += d)
        const code = await new Promise(done => child.on('close', done))
        if (code === 0 && !/ (error|warning): /.test(out)) writeFileSync(join(cache, w.key), '')
        else {
            failed++
            console.log(out.trim() || `${relative(root, w.file)}: clang-tidy ended with ${code}`)
        }
    }
}
await Promise.all(Array.from({ length: availableParallelism?.() ?? cpus().length }, worker))
console.log(`clang-tidy: ${seen.size} sources, ${passed} pending, ${total} run, ${failed} with findings, ${Math.round((Date.now() - began) / 1000)} s`)
process.exit(failed ? 1 : 0)
