//! Values that serde has read and that the schema does not allow.
//!
//! A buffer gives a struct its fields from a list, and an `f32` a number that
//! makes it infinite, and takes what is empty for nothing. All have been read by
//! then, and are refused all the same.

use serde_json::Value as Schema;

use super::{
    super::{Location, kind::Kind},
    fault::Fault,
    parts::{items, members},
    schemas::{Schemas, is_of, of_item, of_member, types, word},
    value::{Shape, Value},
};

/// Refuses the first value that stands for something else.
pub(super) fn settle(json: &str, schema: &Schema) -> Result<(), Fault> {
    let mut schemas = Schemas::new(schema, usize::MAX);
    walk(&mut schemas, json, &[schema])
}

fn walk<'a>(schemas: &mut Schemas<'a>, json: &str, said: &[&'a Schema]) -> Result<(), Fault> {
    let value = Value::new(json);
    match value.shape() {
        Shape::Object => {
            let members = members(json)?;
            let all = schemas.unfold(said, &members);
            if members.is_empty() && is_nothing(&all) {
                return Err(Fault::of(Kind::NoneRequired));
            }
            for (key, value) in members {
                let within = of_member(&all, &key);
                step(schemas, key, value.get(), &within)?;
            }
            Ok(())
        }
        Shape::List => {
            let all = schemas.unfold(said, &[]);
            let is_object =
                |types: Vec<&str>| types.contains(&"object") && !types.contains(&"array");
            if types(&all).is_some_and(is_object) {
                return Err(Fault::of(Kind::DictType));
            }
            if is_nothing(&all) {
                return Err(Fault::of(Kind::NoneRequired));
            }
            for (index, item) in items(json)?.into_iter().enumerate() {
                let within = of_item(&all, index);
                step(schemas, index, item.get(), &within)?;
            }
            Ok(())
        }
        Shape::Number if value.is_beyond_f32() && is_f32(&schemas.unfold(said, &[])) => {
            Err(Fault::of(Kind::FiniteNumber))
        }
        Shape::Null | Shape::Bool | Shape::Number | Shape::String => Ok(()),
    }
}

fn step<'a>(
    schemas: &mut Schemas<'a>,
    step: impl Into<Location>,
    json: &str,
    said: &[&'a Schema],
) -> Result<(), Fault> {
    // A value that no schema describes has been read by nobody.
    if said.is_empty() {
        return Ok(());
    }
    walk(schemas, json, said).map_err(|fault| fault.within(step))
}

/// True if the value may be `null` alone.
fn is_nothing(schemas: &[&Schema]) -> bool {
    types(schemas).is_some_and(|types| types == ["null"])
}

/// True if the number may be nothing but an `f32`.
fn is_f32(schemas: &[&Schema]) -> bool {
    let allows_numbers = |schema: &&&Schema| {
        let types = types(&[**schema]);
        types.is_some_and(|types| types.iter().any(|name| is_of(Shape::Number, name)))
    };
    let mut has_any = false;
    for number in schemas.iter().filter(allows_numbers) {
        if word(number, "format") != Some("float") {
            return false;
        }
        has_any = true;
    }
    has_any && types(schemas).is_some()
}
