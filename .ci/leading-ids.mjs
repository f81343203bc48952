/**
 * The ids that a test is named after: "F50 F53 a status" leads with F50 and F53; an id further on is only mentioned.
 * @param {string} name
 * @returns {string[]}
 */
export function leadingIds(name) {
  const [lead = ""] = /^([FSR]\d{1,2}\b[ ,:]*)*/.exec(name.trimStart()) ?? [];
  return lead.match(/[FSR]\d+/g) ?? [];
}
