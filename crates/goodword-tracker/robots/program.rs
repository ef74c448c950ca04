//! Trees of patterns as one program of small steps, which `src/robots/matcher`
//! runs: what may come next is told by the steps alone, so the Worker holds
//! neither a parser nor the patterns.

use crate::pattern::{Class, Node};
use std::fmt::Write;

/// The steps of all patterns one after another.
#[derive(Default)]
pub struct Program {
    steps: Vec<Step>,
    classes: Vec<Class>,
    words: Vec<Vec<String>>,
    /// Where each pattern begins, by the character it may begin with.
    starts: Vec<(usize, Class)>,
    /// Where those begin that only match at the beginning.
    anchored: Vec<usize>,
}

#[derive(Clone, Copy)]
enum Step {
    Byte(u8),
    OneOf(usize),
    Split(usize),
    Jump(usize),
    Start,
    End,
    Edge,
    NotAfter(usize),
    NotBefore(usize),
    Found,
}

impl Program {
    /// Adds a pattern.
    pub fn add(&mut self, pattern: &Node) -> Result<(), String> {
        let start = self.steps.len();
        if first(pattern).is_none() {
            return Err(format!("{pattern:?} matches nothing at all, and so everything"));
        }
        self.emit(pattern)?;
        self.steps.push(Step::Found);
        if is_anchored(pattern) {
            self.anchored.push(start);
        } else {
            self.starts.push((start, first(pattern).unwrap_or(!0)));
        }
        Ok(())
    }

    fn emit(&mut self, node: &Node) -> Result<(), String> {
        match node {
            Node::Class(class) => {
                let step = match letter(*class) {
                    Some(byte) => Step::Byte(byte),
                    None => Step::OneOf(place(&mut self.classes, *class)),
                };
                self.steps.push(step);
            }
            Node::Sequence(all) => all.iter().try_for_each(|each| self.emit(each))?,
            Node::Either(all) => self.either(all)?,
            Node::Repeat(each, least, most) => self.repeat(each, *least, *most)?,
            Node::Start => self.steps.push(Step::Start),
            Node::End => self.steps.push(Step::End),
            Node::Edge => self.steps.push(Step::Edge),
            Node::NotAfter(words) => {
                let words = place(&mut self.words, words.clone());
                self.steps.push(Step::NotAfter(words));
            }
            Node::NotBefore(words) => {
                let words = place(&mut self.words, words.clone());
                self.steps.push(Step::NotBefore(words));
            }
        }
        Ok(())
    }

    fn either(&mut self, all: &[Node]) -> Result<(), String> {
        let Some((last, others)) = all.split_last() else { return Ok(()) };
        let mut jumps = Vec::new();
        for each in others {
            let split = self.reserve();
            self.emit(each)?;
            jumps.push(self.reserve());
            self.set(split, Step::Split(self.steps.len()));
        }
        self.emit(last)?;
        let end = self.steps.len();
        jumps.into_iter().for_each(|jump| self.set(jump, Step::Jump(end)));
        Ok(())
    }

    fn repeat(&mut self, each: &Node, least: u32, most: Option<u32>) -> Result<(), String> {
        if first(each).is_none() {
            return Err(format!("{each:?} repeats nothing"));
        }
        for _ in 0..least {
            self.emit(each)?;
        }
        match most {
            None => {
                let split = self.reserve();
                self.emit(each)?;
                self.steps.push(Step::Jump(split));
                self.set(split, Step::Split(self.steps.len()));
            }
            Some(most) => {
                let mut splits = Vec::new();
                for _ in least..most {
                    splits.push(self.reserve());
                    self.emit(each)?;
                }
                let end = self.steps.len();
                splits.into_iter().for_each(|split| self.set(split, Step::Split(end)));
            }
        }
        Ok(())
    }

    /// A step whose target is known later.
    fn reserve(&mut self) -> usize {
        self.steps.push(Step::Found);
        self.steps.len() - 1
    }

    fn set(&mut self, at: usize, step: Step) {
        self.steps.iter_mut().skip(at).take(1).for_each(|kept| *kept = step);
    }

    /// The program as Rust.
    pub fn source(&self) -> Result<String, std::fmt::Error> {
        let mut source = String::new();
        writeln!(source, "static STEPS: &[Step] = &[")?;
        for step in &self.steps {
            match step {
                Step::Byte(byte) => writeln!(source, "Step::Byte({byte}),")?,
                Step::OneOf(class) => writeln!(source, "Step::OneOf({class}),")?,
                Step::Split(other) => writeln!(source, "Step::Split({other}),")?,
                Step::Jump(to) => writeln!(source, "Step::Jump({to}),")?,
                Step::Start => writeln!(source, "Step::Start,")?,
                Step::End => writeln!(source, "Step::End,")?,
                Step::Edge => writeln!(source, "Step::Edge,")?,
                Step::NotAfter(words) => writeln!(source, "Step::NotAfter({words}),")?,
                Step::NotBefore(words) => writeln!(source, "Step::NotBefore({words}),")?,
                Step::Found => writeln!(source, "Step::Found,")?,
            }
        }
        writeln!(source, "];\nstatic CLASSES: &[u128] = &{:?};", self.classes)?;
        let words: Vec<String> = self.words.iter().map(|words| format!("&{words:?}")).collect();
        writeln!(source, "static WORDS: &[&[&str]] = &[{}];", words.join(", "))?;
        writeln!(source, "static ANCHORED: &[u16] = &{:?};", self.anchored)?;
        writeln!(source, "static STARTS: &[&[u16]] = &[")?;
        for byte in 0..128 {
            let of_byte = self.starts.iter().filter(|(_, first)| first & (1 << byte) != 0);
            let of_byte: Vec<usize> = of_byte.map(|(start, _)| *start).collect();
            writeln!(source, "&{of_byte:?},")?;
        }
        writeln!(source, "];")?;
        Ok(source)
    }
}

fn place<T: PartialEq>(all: &mut Vec<T>, one: T) -> usize {
    let found = all.iter().position(|other| *other == one);
    found.unwrap_or_else(|| {
        all.push(one);
        all.len() - 1
    })
}

/// The one character of a class, in lower case as the text is.
fn letter(class: Class) -> Option<u8> {
    let mut letters = (0..127_u8).filter(|byte| class & (1 << byte) != 0);
    let (first, second) = (letters.next()?, letters.next());
    match second {
        None => Some(first),
        // A letter in both cases.
        Some(second) if second == first.to_ascii_lowercase() && letters.next().is_none() => {
            Some(second)
        }
        Some(_) => None,
    }
}

/// The characters a match may begin with; `None` where it may be empty.
fn first(node: &Node) -> Option<Class> {
    match node {
        Node::Class(class) => Some(*class),
        Node::Repeat(each, least, _) => first(each).filter(|_| *least > 0),
        Node::Either(all) => all.iter().map(first).try_fold(0, |whole, each| Some(whole | each?)),
        Node::Sequence(all) => {
            let mut whole = 0;
            for each in all {
                whole |= reachable(each);
                if first(each).is_some() {
                    return Some(whole);
                }
            }
            None
        }
        _ => None,
    }
}

/// The same where a match may be empty.
fn reachable(node: &Node) -> Class {
    match node {
        Node::Repeat(each, ..) => reachable(each),
        Node::Either(all) => all.iter().fold(0, |whole, each| whole | reachable(each)),
        Node::Sequence(all) => {
            let mut whole = 0;
            for each in all {
                whole |= reachable(each);
                if first(each).is_some() {
                    break;
                }
            }
            whole
        }
        Node::Class(class) => *class,
        _ => 0,
    }
}

fn is_anchored(node: &Node) -> bool {
    match node {
        Node::Start => true,
        Node::Sequence(all) => all.first().is_some_and(is_anchored),
        Node::Either(all) => all.iter().all(is_anchored),
        _ => false,
    }
}
