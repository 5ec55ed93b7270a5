// node pyodide_lite.mjs FOLDER: the main.py of one line, what it brings along, and faulty definitions
import { loaded } from './pyodide_loaded.mjs'

const [folder] = process.argv.slice(2)
const python = await loaded(folder)
const meta = python.globals.get('custom_functions_meta')('from excel_addin.functions import *')
const names = meta.functions.map((one) => one.name)
const imported = python.runPython('import sys; " ".join(sorted({name.partition(".")[0] for name in sys.modules}))')

let faulty = ''
try {
  await loaded(folder, { METRICSHEET_METRICS: 'version: 1\nmetrics:\n  nps: {lable: x}\n' })
} catch (error) {
  faulty = error.message
}
console.log(JSON.stringify({ names, imported: imported.split(' '), faulty }))
process.exit(0)
