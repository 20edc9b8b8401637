//! A generated solution-like folder: one large XML file and thousands of small files of several kinds.

use std::fmt::Write as _;

use camino::Utf8Path;

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    fn word(&mut self) -> &'static str {
        const WORDS: [&str; 24] = [
            "account", "contact", "invoice", "approval", "owner", "status", "reason", "currency", "address",
            "region", "created", "modified", "request", "vendor", "payment", "schedule", "activity",
            "record", "business", "process", "template", "version", "document", "priority",
        ];
        WORDS[self.next() as usize % WORDS.len()]
    }

    fn guid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{{{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}}}",
            high >> 16,
            high & 0xFFFF,
            low & 0xFFF,
            low >> 12 & 0xFFF,
            low
        )
    }
}

/// XML in the manner of `customizations.xml`.
fn xml(length: usize, seed: u64) -> Vec<u8> {
    let mut numbers = Numbers::new(seed);
    let mut text = String::with_capacity(length + 4096);
    text.push_str("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<ImportExportXml>\r\n");
    while text.len() < length {
        let (one, two, three) = (numbers.word(), numbers.word(), numbers.word());
        let _ = write!(
            text,
            "        <attribute PhysicalName=\"new_{one}{two}{n}\">\r\n          <Type>nvarchar</Type>\r\n          \
             <Name>new_{one}{two}{n}</Name>\r\n          <LogicalName>new_{one}{two}{n}</LogicalName>\r\n          \
             <RequiredLevel>{level}</RequiredLevel>\r\n          <DisplayMask>ValidForAdvancedFind|ValidForForm|ValidForGrid</DisplayMask>\r\n          \
             <ImeMode>auto</ImeMode>\r\n          <ValidForUpdateApi>1</ValidForUpdateApi>\r\n          \
             <IsCustomField>1</IsCustomField>\r\n          <IntroducedVersion>{v}.0.0.0</IntroducedVersion>\r\n          \
             <cell id=\"{guid}\" showlabel=\"true\" locklevel=\"0\">\r\n            <labels>\r\n              \
             <label description=\"{one} {two} of the {three}\" languagecode=\"1033\" />\r\n            </labels>\r\n          \
             </cell>\r\n          <Descriptions>\r\n            <Description description=\"The {three} {one} that the {two} {last} needs.\" languagecode=\"1033\" />\r\n          \
             </Descriptions>\r\n        </attribute>\r\n",
            n = numbers.next() % 1000,
            level = if numbers.next().is_multiple_of(3) { "required" } else { "none" },
            v = numbers.next() % 9 + 1,
            guid = numbers.guid(),
            last = numbers.word(),
        );
    }
    text.push_str("</ImportExportXml>");
    text.into_bytes()
}

/// JSON in the manner of a cloud flow.
fn json(length: usize, numbers: &mut Numbers) -> Vec<u8> {
    let mut text = String::from("{\"properties\":{\"definition\":{\"actions\":{");
    while text.len() < length {
        let (one, two) = (numbers.word(), numbers.word());
        let _ = write!(
            text,
            "\"Get_{one}_{n}\":{{\"type\":\"OpenApiConnection\",\"inputs\":{{\"host\":{{\"connectionName\":\"shared_{two}\",\
             \"operationId\":\"Get{one}\"}},\"parameters\":{{\"id\":\"{guid}\"}}}},\"runAfter\":{{}}}},",
            n = numbers.next() % 100,
            guid = numbers.guid(),
        );
    }
    text.push_str("\"end\":{}}}}}");
    text.into_bytes()
}

fn noise(length: usize, numbers: &mut Numbers) -> Vec<u8> {
    std::iter::repeat_with(|| numbers.next() as u8).take(length).collect()
}

/// Writes the folder: `customizations.xml` of `large` bytes, and `small` files with 25 MB together.
pub(crate) fn folder(root: &Utf8Path, large: usize, small: usize) -> std::io::Result<()> {
    fs_err::create_dir_all(root)?;
    fs_err::write(root.join("customizations.xml"), xml(large, 1))?;
    let mut numbers = Numbers::new(2);
    for index in 0..small {
        let size = 200 + numbers.next() as usize % 7000;
        let (name, bytes) = match index % 10 {
            0..4 => (format!("Workflows/Flow{index}.json"), json(size, &mut numbers)),
            4..7 => {
                (format!("WebResources/new_/page{}/script{index}.js", index % 97), json(size, &mut numbers))
            }
            7 | 8 => (format!("Entities/table{}/File{index}.xml", index % 211), xml(size, index as u64)),
            _ => (format!("WebResources/new_/images/icon{index}.png"), noise(size, &mut numbers)),
        };
        let file = root.join(name);
        fs_err::create_dir_all(file.parent().expect("below the root"))?;
        fs_err::write(file, bytes)?;
    }
    Ok(())
}
