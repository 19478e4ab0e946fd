//! From a derived JSON schema to the types that predicates are checked
//! against, and to the published description of each evidence type.

use crate::kind::EvidenceKind;
use anji_model::Text;
use serde_json::{Map, Value};

/// How widely a value may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sensitivity {
    /// Anyone may see it.
    Public,
    /// The institution's own people may see it.
    Internal,
    /// It is about a person; exporting it needs a flag and is recorded.
    Personal,
}

/// The type of a value in an evidence body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueType {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// Text.
    Text,
    /// A value that may be absent by fact.
    Optional(Box<ValueType>),
    /// A list, sorted and without repetitions.
    List(Box<ValueType>),
    /// Named fields, ordered by name.
    Record(Vec<Field>),
}

/// One field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: ValueType,
    /// Whether it names its record among the elements of a list.
    pub label: bool,
    /// How widely it may be shown.
    pub sensitivity: Sensitivity,
    /// What it means, in English.
    pub doc: String,
}

impl Field {
    /// Whether it is a day, counted from 1970-01-01: by its name, which a test
    /// holds to its description.
    pub fn is_day(&self) -> bool {
        self.name.ends_with("_day")
    }
}

/// A schema that evidence bodies may not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// A part of the schema has no counterpart in [`ValueType`].
    #[error("schema at `{path}` is not supported: {met}")]
    Unsupported {
        /// Where, as field names joined by dots.
        path: String,
        /// What stands there.
        met: String,
    },
    /// A field lacks its sensitivity or its description.
    #[error("field `{path}` lacks {what}")]
    Undocumented {
        /// Where, as field names joined by dots.
        path: String,
        /// What it lacks.
        what: &'static str,
    },
}

/// The type of a kind's body, lowered from its derived schema.
///
/// # Errors
/// [`SchemaError`] when the schema holds something evidence may not hold; a
/// test keeps every registered kind free of that.
pub fn value_type(kind: &dyn EvidenceKind) -> Result<ValueType, SchemaError> {
    lower(kind.schema().as_value(), kind.name().as_str())
}

/// The schema of a body struct, without references.
pub(crate) fn derive<T: schemars::JsonSchema>() -> schemars::Schema {
    schemars::generate::SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<T>()
}

fn lower(schema: &Value, path: &str) -> Result<ValueType, SchemaError> {
    let unsupported = || SchemaError::Unsupported {
        path: path.to_owned(),
        met: schema.to_string().chars().take(200).collect(),
    };
    let Value::Object(object) = schema else { return Err(unsupported()) };
    if let Some(Value::Array(choices)) = object.get("anyOf").or_else(|| object.get("oneOf")) {
        return lower_choice(choices, path).ok_or_else(unsupported)?;
    }
    match object.get("type") {
        Some(Value::String(name)) => lower_named(name, object, path).ok_or_else(unsupported)?,
        Some(Value::Array(names)) => {
            let mut others = names.iter().filter(|name| *name != "null");
            match (others.next(), others.next()) {
                (Some(Value::String(name)), None) if names.len() == 2 => {
                    let inner = lower_named(name, object, path).ok_or_else(unsupported)??;
                    Ok(ValueType::Optional(Box::new(inner)))
                }
                _ => Err(unsupported()),
            }
        }
        _ => Err(unsupported()),
    }
}

/// A choice is either "this or null" or an enumeration of texts.
fn lower_choice(choices: &[Value], path: &str) -> Option<Result<ValueType, SchemaError>> {
    let is_type = |choice: &Value, name: &str| choice.get("type").is_some_and(|ty| ty == name);
    if !choices.is_empty() && choices.iter().all(|choice| is_type(choice, "string")) {
        return Some(Ok(ValueType::Text));
    }
    let (nulls, others): (Vec<_>, Vec<_>) = choices.iter().partition(|c| is_type(c, "null"));
    match (nulls.len(), others.as_slice()) {
        (1, [one]) => Some(lower(one, path).map(|inner| ValueType::Optional(Box::new(inner)))),
        _ => None,
    }
}

fn lower_named(
    name: &str,
    object: &Map<String, Value>,
    path: &str,
) -> Option<Result<ValueType, SchemaError>> {
    Some(match name {
        "boolean" => Ok(ValueType::Bool),
        "integer" => Ok(ValueType::Int),
        "string" => Ok(ValueType::Text),
        "array" => lower(object.get("items")?, &format!("{path}[]"))
            .map(|inner| ValueType::List(Box::new(inner))),
        "object" => {
            let Value::Object(properties) = object.get("properties")? else { return None };
            properties
                .iter()
                .map(|(field, schema)| lower_field(field, schema, path))
                .collect::<Result<Vec<_>, _>>()
                .map(|mut fields| {
                    fields.sort_by(|a, b| a.name.cmp(&b.name));
                    ValueType::Record(fields)
                })
        }
        _ => return None,
    })
}

fn lower_field(name: &str, schema: &Value, parent: &str) -> Result<Field, SchemaError> {
    let path = format!("{parent}.{name}");
    let lacks = |what| SchemaError::Undocumented { path: path.clone(), what };
    let sensitivity = match schema.get("x-sensitivity").and_then(Value::as_str) {
        Some("public") => Sensitivity::Public,
        Some("internal") => Sensitivity::Internal,
        Some("personal") => Sensitivity::Personal,
        _ => return Err(lacks("its sensitivity")),
    };
    let doc = schema.get("description").and_then(Value::as_str).ok_or_else(|| lacks("its doc"))?;
    Ok(Field {
        name: name.to_owned(),
        label: schema.get("x-label").is_some_and(|label| *label == Value::Bool(true)),
        sensitivity,
        doc: doc.split_whitespace().collect::<Vec<_>>().join(" "),
        ty: lower(schema, &path)?,
    })
}

/// A field of a type, for documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDescription {
    /// Its path in the body, `[]` for every element of a list.
    pub path: String,
    /// Its type in a few characters: `list<record>`, `int?`.
    pub ty: String,
    /// How widely it may be shown.
    pub sensitivity: Sensitivity,
    /// What it means, in English.
    pub doc: String,
}

/// An evidence type, for documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindDescription {
    /// Its name.
    pub name: String,
    /// What it is.
    pub title: Text,
    /// Its fields, parents before children.
    pub fields: Vec<FieldDescription>,
}

/// Describes a type for documentation.
///
/// # Errors
/// As [`value_type`].
pub fn describe(kind: &dyn EvidenceKind) -> Result<KindDescription, SchemaError> {
    let mut fields = Vec::new();
    list_fields(&value_type(kind)?, "", &mut fields);
    Ok(KindDescription { name: kind.name().to_string(), title: kind.title(), fields })
}

fn list_fields(ty: &ValueType, prefix: &str, out: &mut Vec<FieldDescription>) {
    match ty {
        ValueType::Record(fields) => {
            for field in fields {
                let path = match prefix {
                    "" => field.name.clone(),
                    prefix => format!("{prefix}.{}", field.name),
                };
                out.push(FieldDescription {
                    path: path.clone(),
                    ty: type_name(&field.ty),
                    sensitivity: field.sensitivity,
                    doc: field.doc.clone(),
                });
                list_fields(&field.ty, &path, out);
            }
        }
        ValueType::List(inner) => list_fields(inner, &format!("{prefix}[]"), out),
        ValueType::Optional(inner) => list_fields(inner, prefix, out),
        ValueType::Bool | ValueType::Int | ValueType::Text => {}
    }
}

fn type_name(ty: &ValueType) -> String {
    match ty {
        ValueType::Bool => "bool".to_owned(),
        ValueType::Int => "int".to_owned(),
        ValueType::Text => "text".to_owned(),
        ValueType::Optional(inner) => format!("{}?", type_name(inner)),
        ValueType::List(inner) => format!("list<{}>", type_name(inner)),
        ValueType::Record(_) => "record".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::registry;

    #[test]
    fn every_registered_schema_lowers_to_a_documented_record() {
        for kind in registry() {
            let ty = value_type(*kind).unwrap_or_else(|e| panic!("{}: {e}", kind.name()));
            assert!(matches!(ty, ValueType::Record(_)), "{}", kind.name());
            let description = describe(*kind).unwrap();
            assert!(!description.fields.is_empty(), "{}", kind.name());
            assert!(!description.title.zh.is_empty() && !description.title.en.is_empty());
        }
    }

    #[test]
    fn lists_of_records_have_one_label() {
        fn walk(ty: &ValueType, path: &str) {
            match ty {
                ValueType::Record(fields) => {
                    fields.iter().for_each(|f| walk(&f.ty, &format!("{path}.{}", f.name)));
                }
                ValueType::Optional(inner) => walk(inner, path),
                ValueType::List(inner) => {
                    if let ValueType::Record(fields) = inner.as_ref() {
                        assert_eq!(fields.iter().filter(|f| f.label).count(), 1, "{path}");
                    }
                    walk(inner, path);
                }
                ValueType::Bool | ValueType::Int | ValueType::Text => {}
            }
        }
        for kind in registry() {
            walk(&value_type(*kind).unwrap(), kind.name().as_str());
        }
    }

    #[test]
    fn days_are_known_by_their_names() {
        let mut days = 0;
        for kind in registry() {
            for field in describe(*kind).unwrap().fields {
                let day = field.path.ends_with("_day");
                days += u32::from(day);
                assert!(
                    !day || field.ty.starts_with("int") && field.doc.contains("day"),
                    "{field:?}"
                );
                assert!(day || !field.doc.contains("1970-01-01"), "{field:?}");
            }
        }
        assert!(days > 10, "only {days} days");
    }

    #[test]
    fn floats_maps_and_bare_fields_are_refused() {
        for schema in [
            serde_json::json!({"type": "number"}),
            serde_json::json!({"type": "object", "additionalProperties": {"type": "string"}}),
            serde_json::json!({"type": ["string", "integer"]}),
            serde_json::json!(true),
        ] {
            assert!(matches!(lower(&schema, "t"), Err(SchemaError::Unsupported { .. })));
        }
        let bare = serde_json::json!({"type": "object", "properties": {"a": {"type": "string"}}});
        assert!(matches!(lower(&bare, "t"), Err(SchemaError::Undocumented { .. })));
    }
}
