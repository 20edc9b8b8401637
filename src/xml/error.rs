//! Why a document is refused, one variant a cause.

use crate::text::Position;

macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident { $($field:ident: $kind:ty),* } = $message:literal;)*) => {
        /// What is wrong with a text that should be XML.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum XmlFault {
            $($(#[$doc])* #[error($message)] $variant {
                $(#[doc = "See the message."] $field: $kind),*
            },)*
        }
    };
}

causes! {
    /// Not UTF-8.
    NotUtf8 {} = "ill-formed XML: the bytes are not UTF-8";
    /// Another encoding, by its mark or by the declaration.
    Encoding { found: String } = "the text is {found}; only UTF-8 is read";
    /// A document type.
    Doctype {} = "a DOCTYPE is not read";
    /// Elements inside each other.
    Depth { limit: usize } = "over the limit of {limit} levels of elements";
    /// Attributes of one tag.
    Attributes { limit: usize } = "over the limit of {limit} attributes of a tag";
    /// A tag or a value.
    Token { limit: usize } = "over the limit of {limit} bytes of a tag";
    /// Over 4 GiB.
    TooLong {} = "over the limit of 4 GiB of a document";
    /// What XML 1.0 does not allow.
    Character { code: u32 } = "ill-formed XML: the character U+{code:04X} is not allowed";
    /// No element.
    NoRoot {} = "ill-formed XML: there is no element";
    /// A second outermost element.
    SecondRoot {} = "ill-formed XML: a second outermost element";
    /// Text outside.
    TextOutside {} = "ill-formed XML: text outside of the outermost element";
    /// An end without the right start.
    EndTag { expected: String, found: String } = "ill-formed XML: </{found}> where </{expected}> is expected";
    /// An end without any start.
    EndWithoutStart { found: String } = "ill-formed XML: </{found}> ends nothing";
    /// Never closed.
    Unclosed { name: String } = "ill-formed XML: <{name}> is never closed";
    /// Cut off inside of something.
    CutOff { what: &'static str } = "ill-formed XML: {what} starts here and never ends";
    /// Not a name.
    Name {} = "ill-formed XML: not a name";
    /// An attribute is not written as one.
    AttributeSyntax { expected: &'static str } = "ill-formed XML: in a tag, {expected} is expected";
    /// `<` in a value.
    LessThanInValue {} = "ill-formed XML: < in an attribute value";
    /// Twice the same.
    DuplicateAttribute { name: String } = "ill-formed XML: the attribute {name} stands twice";
    /// No declaration for it.
    UndeclaredPrefix { prefix: String } = "ill-formed XML: the prefix {prefix} is not declared";
    /// `xml` and `xmlns` are not free.
    ReservedPrefix {} = "ill-formed XML: xml and xmlns cannot be declared anew";
    /// Declared as nothing.
    EmptyNamespace { prefix: String } = "ill-formed XML: the prefix {prefix} is declared as an empty namespace";
    /// `&` and then neither a name nor a number with `;` behind it.
    Ampersand {} = "ill-formed XML: & starts no reference";
    /// An entity that only a DOCTYPE could declare.
    Entity { name: String } = "ill-formed XML: the entity {name} is not declared";
    /// What XML 1.0 does not allow, written as a number.
    CharacterReference { code: u32 } = "ill-formed XML: the character reference U+{code:04X} is not allowed";
    /// `]]>` in text.
    CDataEnd {} = "ill-formed XML: ]]> in text";
    /// `--` in a comment.
    Comment {} = "ill-formed XML: -- in a comment";
    /// `<?xml … ?>` is not written as it has to be.
    Declaration {} = "ill-formed XML: not a correct XML declaration";
    /// `<?xml … ?>` where it does not belong.
    MisplacedDeclaration {} = "ill-formed XML: an XML declaration that is not at the very start";
    /// `xml` in another case.
    Target {} = "ill-formed XML: a processing instruction cannot have that name";
}

/// Why a text is not the XML that solship reads, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct XmlError {
    position: Position,
    fault: XmlFault,
}

impl XmlError {
    /// What is wrong, in words that are none of the text's own: what should be XML may be anything.
    pub(crate) fn without_names(&self) -> String {
        match self.fault {
            XmlFault::Encoding { .. } => "only UTF-8 is read".to_owned(),
            XmlFault::EndTag { .. }
            | XmlFault::EndWithoutStart { .. }
            | XmlFault::Unclosed { .. }
            | XmlFault::DuplicateAttribute { .. }
            | XmlFault::UndeclaredPrefix { .. }
            | XmlFault::EmptyNamespace { .. }
            | XmlFault::Entity { .. } => "ill-formed XML".to_owned(),
            _ => self.to_string(),
        }
    }

    pub(super) fn new(position: Position, fault: XmlFault) -> Self {
        Self { position, fault }
    }

    /// Where in the text the fault is.
    pub fn position(&self) -> Position {
        self.position
    }

    /// What is wrong.
    pub fn fault(&self) -> &XmlFault {
        &self.fault
    }
}
