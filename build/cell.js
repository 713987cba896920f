// The Serverless Framework resolves .js files only.
export { cell } from './cell.ts'
