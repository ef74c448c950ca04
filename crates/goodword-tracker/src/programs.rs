//! Programs in the store: the newest terms, and those that were in force at
//! an earlier time.

use crate::http::Failure;
use crate::keys;
use crate::records::outbox::WebhooksRecord;
use crate::records::{TermsRecord, read};
use crate::store::{Store, StoreError, scan};
use goodword::key::ProgramId;
use goodword::terms::{Program, TermsHistory};
use goodword::time::Instant;
use goodword_api::problem::{Code, Problem};
use goodword_api::program::ProgramDocument;
use std::cell::RefCell;

/// A program's newest terms.
pub struct Current {
    /// The terms, with the document they were written as.
    pub document: ProgramDocument,
    /// From when they apply.
    pub from: Instant,
    /// Whether there are no earlier ones.
    pub is_first: bool,
    /// All versions, once somebody asked for earlier ones: within one request
    /// they are read once.
    versions: RefCell<Option<Vec<(Instant, Program)>>>,
    /// Where events go.
    pub webhooks: WebhooksRecord,
}

impl Current {
    /// The terms.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.document.program
    }
}

fn current(key: &str, body: &str) -> Result<Current, StoreError> {
    let record: TermsRecord = read(key, body)?;
    let unreadable = |problem: Problem| StoreError(format!("{key}: {}", problem.detail));
    Ok(Current {
        document: ProgramDocument::read(record.document, None).map_err(unreadable)?,
        from: Instant(record.from_ms),
        is_first: record.is_first,
        versions: RefCell::new(None),
        webhooks: WebhooksRecord::default(),
    })
}

/// Finds a program, and in the same read where its events go.
///
/// # Errors
/// Whatever the store says.
pub async fn find(store: &dyn Store, id: &ProgramId) -> Result<Option<Current>, StoreError> {
    let places = [keys::program(id), keys::outbox::webhooks(id)];
    let mut found = store.get_bulk(&places).await?.into_iter().zip(&places);
    let Some((Some(terms), key)) = found.next() else { return Ok(None) };
    let mut current = current(key, &terms)?;
    if let Some((Some(webhooks), key)) = found.next() {
        current.webhooks = read(key, &webhooks)?;
    }
    Ok(Some(current))
}

/// All programs; a thousand at most.
///
/// # Errors
/// Whatever the store says.
pub async fn all(store: &dyn Store) -> Result<Vec<ProgramId>, StoreError> {
    let page = store.list(keys::PROGRAMS, None).await?;
    let ids = page.entries.iter().filter_map(|(key, _)| key.strip_prefix(keys::PROGRAMS));
    Ok(ids.filter_map(ProgramId::parse).collect())
}

/// Finds a program that must exist.
///
/// # Errors
/// `not_found`, or whatever the store says.
pub async fn load(store: &dyn Store, id: &ProgramId) -> Result<Current, Failure> {
    let missing = || Problem::new(Code::NotFound, format!("There is no program {id}."));
    find(store, id).await?.ok_or_else(|| missing().into())
}

/// The terms in force since `earliest`. Earlier versions are read only if
/// there are any that matter.
///
/// # Errors
/// Whatever the store says.
pub async fn history(
    store: &dyn Store,
    current: &Current,
    earliest: Instant,
) -> Result<TermsHistory, StoreError> {
    let mut versions = vec![(current.from, current.program().clone())];
    if earliest < current.from && !current.is_first {
        let all = all_versions(store, current).await?;
        versions.extend(all.into_iter().filter(|(from, _)| *from != current.from));
    }
    // There is always the newest, so there is always a history.
    TermsHistory::new(versions).ok_or_else(|| StoreError("a program without terms".to_owned()))
}

async fn all_versions(
    store: &dyn Store,
    current: &Current,
) -> Result<Vec<(Instant, Program)>, StoreError> {
    if let Some(versions) = &*current.versions.borrow() {
        return Ok(versions.clone());
    }
    let mut versions = Vec::new();
    for (key, body) in scan(store, &keys::all_terms(&current.program().id)).await? {
        let version = self::current(&key, &body)?;
        versions.push((version.from, version.document.program));
    }
    current.versions.replace(Some(versions.clone()));
    Ok(versions)
}
