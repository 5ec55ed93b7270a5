// node pyodide_replay.mjs FOLDER QUESTIONS ANSWERS: answers a file of questions as xlwings Lite does
import fs from 'node:fs'
import { loaded } from './pyodide_loaded.mjs'

const [folder, asked, answers] = process.argv.slice(2)
const python = await loaded(folder)
const customFunctionsCall = python.globals.get('custom_functions_call')
const { errors, before, questions, request } = JSON.parse(fs.readFileSync(asked, 'utf8'))

// of an error Excel holds more than a function answers
const cell = (one) =>
  one !== null && typeof one === 'object'
    ? { ...one, type: 'Error', basicType: 'Error', basicValue: errors[one.errorType] }
    : one
const ask = async (name, given) => {
  const args = []
  for (const one of given) args.push(one?.call ? (await ask(...one.call)).map((row) => row.map(cell)) : one)
  const answer = await customFunctionsCall({ ...request, func_name: name, args })
  if (!Array.isArray(answer)) throw new Error(`${name}: ${JSON.stringify(answer)}`)
  return answer
}

for (const [name, given] of before) await ask(name, given)
const found = []
const began = performance.now()
for (const [name, given] of questions) found.push(await ask(name, given))
const seconds = (performance.now() - began) / 1000
fs.writeFileSync(answers, JSON.stringify({ answers: found, seconds }))
process.exit(0)
