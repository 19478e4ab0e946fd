//! The evidence schemas as predicates see them.

use crate::predicate::{FieldType, RecordType, Type};
use anji_evidence::{SelectorKind, ValueType};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What content may say of evidence types.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schemas {
    types: BTreeMap<String, (Type, SelectorKind)>,
}

impl Schemas {
    /// Of every registered type.
    pub(crate) fn registered() -> Self {
        let mut schemas = Self::default();
        for kind in anji_evidence::registry() {
            // A test of the evidence crate keeps every schema valid; one that is
            // not would make its type unknown here.
            if let Ok(value_type) = anji_evidence::value_type(*kind) {
                schemas
                    .types
                    .insert(kind.name().to_string(), (lower(&value_type).0, kind.selector()));
            }
        }
        schemas
    }

    pub(crate) fn find(&self, name: &str) -> Option<&(Type, SelectorKind)> {
        self.types.get(name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(String::as_str)
    }
}

/// The type, and whether null is among its values.
fn lower(value_type: &ValueType) -> (Type, bool) {
    match value_type {
        ValueType::Bool => (Type::Bool, false),
        ValueType::Int => (Type::Int, false),
        ValueType::Text => (Type::Text, false),
        ValueType::Optional(inner) => (lower(inner).0, true),
        ValueType::List(inner) => (Type::list(lower(inner).0), false),
        ValueType::Record(fields) => {
            let label = fields.iter().find(|field| field.label).map(|field| field.name.as_str());
            let fields = fields
                .iter()
                .map(|field| {
                    let (ty, optional) = lower(&field.ty);
                    FieldType { name: field.name.as_str().into(), ty, optional }
                })
                .collect();
            (Type::Record(Arc::new(RecordType { fields, label: label.map(Into::into) })), false)
        }
    }
}
