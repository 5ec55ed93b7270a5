// node pyodide_replay.mjs FOLDER QUESTIONS ANSWERS: answers a file of questions as xlwings Lite does
import fs from 'node:fs'
import zlib from 'node:zlib'
import { loaded } from './pyodide_loaded.mjs'

const [folder, questions, answers] = process.argv.slice(2)
const python = await loaded(folder)
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
