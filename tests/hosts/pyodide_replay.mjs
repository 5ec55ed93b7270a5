// node pyodide_replay.mjs FOLDER QUESTIONS ANSWERS: xlwings' WebAssembly wheel and runtime, with our functions
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { pathToFileURL } from 'node:url'

const [folder, questions, answers] = process.argv.slice(2)
const module = path.join(folder, 'node_modules', 'pyodide', 'pyodide.mjs')
const { loadPyodide } = await import(pathToFileURL(module).href)
const python = await loadPyodide({ env: { XLWINGS_LICENSE_KEY: 'noncommercial', HOME: '/home/pyodide' } })

const wheels = (where, what) =>
  fs.readdirSync(path.join(folder, where)).filter((name) => name.startsWith(what) && name.endsWith('.whl'))
const unpack = (where, name, options) =>
  python.unpackArchive(new Uint8Array(fs.readFileSync(path.join(folder, where, name))), 'wheel', options)
for (const name of wheels('wheels', 'xlwings-')) unpack('wheels', name)
for (const name of wheels('ours', 'metricsheet-')) unpack('ours', name)
for (const name of wheels('wheels', 'xlwings_server-')) unpack('wheels', name, { extractDir: '/server' })

const write = (name, text) => {
  python.FS.mkdirTree(path.posix.dirname(name))
  python.FS.writeFile(name, text)
}
const site = python.runPython('import site; site.getsitepackages()[0]')
for (const name of fs.readdirSync(path.join(folder, 'yaml')))
  if (name.endsWith('.py')) write(`${site}/yaml/${name}`, fs.readFileSync(path.join(folder, 'yaml', name), 'utf8'))
const runtime = '/server/xlwings_server/wasm'
write('/home/pyodide/config.py', python.FS.readFile(`${runtime}/config.py`, { encoding: 'utf8' }))
write('/home/pyodide/custom_functions/__init__.py', 'from excel_addin.functions import *\n')
write('/home/pyodide/custom_scripts/__init__.py', '')
python.runPython('import sys; sys.path.insert(0, "/home/pyodide")')
await python.runPythonAsync(python.FS.readFile(`${runtime}/wasm_runtime.py`, { encoding: 'utf8' }))
const customFunctionsCall = python.globals.get('custom_functions_call')

const errorTypes = {
  '#N/A': 'NotAvailable', '#DIV/0!': 'Div0', '#VALUE!': 'Value', '#REF!': 'Ref', '#NAME?': 'Name',
  '#NUM!': 'Num', '#NULL!': 'Null'
}
const codes = Object.fromEntries(Object.entries(errorTypes).map(([code, name]) => [name, code]))

const sentCell = (cell) => {
  if (cell === null || typeof cell !== 'object') return cell
  if ('e' in cell)
    return { type: 'Error', errorType: errorTypes[cell.e], basicType: 'Error', basicValue: cell.e }
  const [value, format] = 'd' in cell ? [cell.d, 'm/d/yyyy'] : [cell.m, '$#,##0.00']
  return { type: 'FormattedNumber', basicValue: value, basicType: 'Double', numberFormat: format }
}
const sent = async (argument) => {
  if (argument === null) return null
  if ('call' in argument) {
    const answer = await call(...argument.call)
    return [[sentCell(typeof answer === 'string' ? { e: answer } : answer)]]
  }
  return (argument.rows ?? [[argument.value]]).map((row) => row.map(sentCell))
}
const version = python.runPython('import xlwings; xlwings.__version__')
const call = async (name, given) => {
  const args = []
  for (const argument of given) args.push(await sent(argument))
  const answer = await customFunctionsCall({
    client: 'Office.js', func_name: name, args, caller_address: '[Book.xlsx]Sheet1!Z1', session_id: 'one',
    culture_info_name: 'en-US', date_format: 'm/d/yyyy', version, runtime: '1.4'
  })
  if (!Array.isArray(answer)) throw new Error(`${name}: ${JSON.stringify(answer)}`)
  const cell = answer[0][0]
  return cell !== null && typeof cell === 'object' ? codes[cell.errorType] : cell
}

const lines = []
for (const line of zlib.gunzipSync(fs.readFileSync(questions)).toString('utf8').split('\n')) {
  if (!line) continue
  const question = JSON.parse(line)
  const found = {}
  for (const suffix of ['', '_FLAG', '_N']) {
    const more = suffix === '_FLAG' ? Array(question.more).fill(null) : []
    found[suffix] = await call(question.function + suffix, [...question.arguments, ...more])
  }
  lines.push(JSON.stringify(found))
}
fs.writeFileSync(answers, lines.join('\n') + '\n')
process.exit(0)
