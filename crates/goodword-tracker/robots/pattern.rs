//! The few constructs of regular expressions that lists of robots are written
//! in, read into a tree. Everything is ASCII and lower case. Whatever else a
//! newer list may bring is an error of the build, never a pattern that is
//! silently left out.

use std::str::Chars;

/// ASCII characters, one bit each; the last bit stands for all others.
pub type Class = u128;

/// A pattern, or a part of one.
#[derive(Clone, Debug)]
pub enum Node {
    /// One of these characters.
    Class(Class),
    /// One after another.
    Sequence(Vec<Node>),
    /// Any of these.
    Either(Vec<Node>),
    /// So many times at least, and at most if there is a limit.
    Repeat(Box<Node>, u32, Option<u32>),
    /// The beginning of the text.
    Start,
    /// Its end.
    End,
    /// The edge of a word.
    Edge,
    /// None of these words ends here.
    NotAfter(Vec<String>),
    /// None of these words begins here.
    NotBefore(Vec<String>),
}

/// Reads a pattern.
pub fn read(pattern: &str) -> Result<Node, String> {
    let mut reader = Reader { rest: pattern.chars() };
    let node = reader.alternatives().map_err(|fault| format!("{pattern}: {fault}"))?;
    match reader.rest.next() {
        None => Ok(node),
        Some(left) => Err(format!("{pattern}: nothing opens what {left} closes")),
    }
}

/// The characters of a class.
pub fn class(is_in: impl Fn(char) -> bool) -> Class {
    let ascii = (0..127_u8).filter(|byte| is_in(char::from(*byte).to_ascii_lowercase()));
    ascii.fold(0, |class, byte| class | (1 << byte))
}

struct Reader<'a> {
    rest: Chars<'a>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.rest.as_str().strip_prefix(text);
        self.rest = found.map_or_else(|| self.rest.clone(), str::chars);
        found.is_some()
    }

    fn alternatives(&mut self) -> Result<Node, String> {
        let mut all = vec![self.sequence()?];
        while self.take("|") {
            all.push(self.sequence()?);
        }
        Ok(Node::Either(all))
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut all = Vec::new();
        while let Some(next) = self.peek().filter(|next| !matches!(next, '|' | ')')) {
            let node = self.one(next)?;
            all.push(self.repeated(node)?);
        }
        Ok(Node::Sequence(all))
    }

    fn one(&mut self, next: char) -> Result<Node, String> {
        if self.take("(?:") {
            return self.closed();
        }
        if self.take("(?<!") {
            return Ok(Node::NotAfter(words(&self.closed()?)?));
        }
        if self.take("(?!") {
            return Ok(Node::NotBefore(words(&self.closed()?)?));
        }
        self.rest.next();
        Ok(match next {
            '^' => Node::Start,
            '$' => Node::End,
            '.' => Node::Class(!0),
            '[' => self.class()?,
            '\\' if self.take("b") => Node::Edge,
            '\\' => Node::Class(self.escaped()?),
            '(' | '*' | '+' | '?' => return Err(format!("{next} is not understood here")),
            plain => Node::Class(class(|other| other == plain.to_ascii_lowercase())),
        })
    }

    fn closed(&mut self) -> Result<Node, String> {
        let inner = self.alternatives()?;
        if self.take(")") { Ok(inner) } else { Err("a group is not closed".to_owned()) }
    }

    fn escaped(&mut self) -> Result<Class, String> {
        match self.rest.next() {
            Some('w') => Ok(class(|letter| letter.is_ascii_alphanumeric() || letter == '_')),
            Some('d') => Ok(class(|letter| letter.is_ascii_digit())),
            Some('s') => Ok(class(|letter| letter.is_ascii_whitespace() || letter == '\u{b}')),
            Some(sign) if sign.is_ascii_punctuation() => Ok(class(|letter| letter == sign)),
            other => Err(format!("\\{} is not understood", other.unwrap_or(' '))),
        }
    }

    fn class(&mut self) -> Result<Node, String> {
        let is_negated = self.take("^");
        let mut whole = 0;
        while !self.take("]") {
            let first = self.rest.next().ok_or("a class is not closed")?;
            if first == '\\' {
                whole |= self.escaped()?;
                continue;
            }
            let mut ahead = self.rest.clone();
            let last = match (ahead.next(), ahead.next()) {
                (Some('-'), Some(last)) if last != ']' && last != '\\' => {
                    self.rest = ahead;
                    last
                }
                _ => first,
            };
            let (first, last) = (first.to_ascii_lowercase(), last.to_ascii_lowercase());
            whole |= class(|letter| (first..=last).contains(&letter));
        }
        Ok(Node::Class(if is_negated { !whole } else { whole }))
    }

    /// Whether as much as possible is wanted or as little makes no difference
    /// to whether there is a match.
    fn repeated(&mut self, node: Node) -> Result<Node, String> {
        let (least, most) = if self.take("?") {
            (0, Some(1))
        } else if self.take("*") {
            (0, None)
        } else if self.take("+") {
            (1, None)
        } else if self.take("{") {
            let (inside, rest) = self.rest.as_str().split_once('}').ok_or("{ is not closed")?;
            let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
            self.rest = rest.chars();
            let number = |text: &str| text.parse().map_err(|_| format!("{{{inside}}} is no count"));
            (number(least)?, if most.is_empty() { None } else { Some(number(most)?) })
        } else {
            return Ok(node);
        };
        self.take("?");
        Ok(Node::Repeat(Box::new(node), least, most))
    }
}

/// The words that a tree of plain characters matches.
fn words(node: &Node) -> Result<Vec<String>, String> {
    match node {
        Node::Class(class) if class.is_power_of_two() => {
            let letter = u8::try_from(class.trailing_zeros()).map_err(|_| "no character")?;
            Ok(vec![char::from(letter).to_string()])
        }
        // A letter stands for itself in both cases.
        Node::Class(class) if class.count_ones() == 2 => {
            let letter = u8::try_from(class.trailing_zeros()).map_err(|_| "no character")?;
            Ok(vec![char::from(letter).to_ascii_lowercase().to_string()])
        }
        Node::Either(all) => Ok(all.iter().map(words).collect::<Result<Vec<_>, _>>()?.concat()),
        Node::Sequence(all) => all.iter().try_fold(vec![String::new()], |heads, next| {
            let tails = words(next)?;
            let joined =
                heads.iter().flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}")));
            Ok(joined.collect())
        }),
        other => Err(format!("looking around for {other:?} is not understood")),
    }
}
