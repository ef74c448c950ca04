//! What the runtime binds to the Worker, called by the names of its methods.
//!
//! The `worker` crate's wrappers turn every value into any type and bring
//! along what reads and writes those, 20 KB of the Worker, where names and
//! texts are strings.

use worker::Env;
use worker::js_sys::futures::JsFuture;
use worker::js_sys::{Array, Function, Object, Promise, Reflect};
use worker::wasm_bindgen::{JsCast, JsValue};

/// What is bound under a name, if anything is.
#[must_use]
pub fn of(env: &Env, name: &str) -> Option<JsValue> {
    field(env, name).ok().filter(JsValue::is_object)
}

/// Calls a method and awaits its promise. A development server's binding may be
/// a stub, whose methods are no functions of the language's own and whose
/// promises are only like promises.
///
/// # Errors
/// What it threw.
pub async fn call(
    binding: &JsValue,
    method: &str,
    arguments: &[JsValue],
) -> Result<JsValue, JsValue> {
    let method: Function = field(binding, method)?.dyn_into()?;
    let arguments: Array = arguments.iter().collect();
    let promise = Reflect::apply(&method, binding, &arguments)?;
    JsFuture::from(Promise::resolve(&promise)).await
}

/// Values under their names.
///
/// # Errors
/// None that an object of our own could throw.
pub fn named(entries: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object.into())
}

/// What stands under a name of an answer.
///
/// # Errors
/// What came is no object.
pub fn field(answer: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(answer, &name.into())
}
