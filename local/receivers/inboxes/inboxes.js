/** Milliseconds between two looks. */
const interval = 3000

const ended = document.getElementById('ended')
let tag = ''

/** Takes over what has changed, so that what the reader opened, selected or scrolled to stays elsewhere. */
async function look() {
  const response = await fetch(location.href, { headers: { 'if-none-match': tag } })
  if (response.status === 304) return
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  for (const part of document.querySelectorAll('[data-part]')) {
    const id = part.closest('section').id
    const fresh = page.querySelector(`#${id} [data-part=${part.dataset.part}]`)
    if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes)
  }
  tag = response.headers.get('etag') ?? ''
}

for (;;) {
  await new Promise((done) => setTimeout(done, interval))
  if (document.hidden) continue
  const failed = await look().then(
    () => false,
    () => true,
  )
  const text = failed ? ended.dataset.text : ''
  if (ended.textContent !== text) ended.textContent = text
}
