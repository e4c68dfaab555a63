/// What readers of all kinds of files share: texts, numbers, times, lists and choices at the keys of a map. It knows no key.
///
/// A reader is a value with whatever it has to keep, over the mistakes that all readers of one file share. Reading goes
/// on after a mistake, with a value left out or a default in its place: the whole is thrown away then.
package protocol DocumentReader {
    var mistakes: MistakeList { get }
}
