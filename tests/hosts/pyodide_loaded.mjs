// xlwings' WebAssembly wheel and the runtime that xlwings Server gives to a browser, with our functions
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

export const loaded = async (folder, environment = {}) => {
  const module = path.join(folder, 'node_modules', 'pyodide', 'pyodide.mjs')
  const { loadPyodide } = await import(pathToFileURL(module).href)
  const env = { XLWINGS_LICENSE_KEY: 'noncommercial', HOME: '/home/pyodide', ...environment }
  const python = await loadPyodide({ env })

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
  return python
}
