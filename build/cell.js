// The Serverless Framework resolves a .js file, and Node 24 the TypeScript behind it.
export { cell } from './cell.ts'
