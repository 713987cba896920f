/** A path below an API's address, which may have a path of its own, as behind a gateway. */
export function below(apiUrl: string, path: string): URL {
  const url = new URL(apiUrl)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`
  return url
}
