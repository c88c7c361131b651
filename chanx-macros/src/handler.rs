//! `#[ws_handler]`, `#[event_handler]` and `#[topic]`, which `#[channel]` and
//! `#[handlers]` read.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

pub(crate) const WS_HANDLER: &str = "ws_handler";
pub(crate) const EVENT_HANDLER: &str = "event_handler";
pub(crate) const TOPIC: &str = "topic";

/// The word that the block's attribute puts in place of an attribute's keys once it has read
/// them.
pub(crate) const IN_CHANNEL: &str = "__in_channel";

/// Keeps silent inside such a block and explains itself elsewhere.
pub(crate) fn handler(attribute: &str, args: TokenStream, item: TokenStream) -> TokenStream {
    let in_channel = syn::parse2::<Ident>(args).is_ok_and(|word| word == IN_CHANNEL);
    if in_channel {
        return item;
    }
    let or_handlers = match attribute {
        TOPIC => "",
        _ => ", or of a part's under `#[handlers]`",
    };
    let mistake = format!(
        "`#[{attribute}]` marks a method of an `impl` block under `#[channel(name = \"…\")]`\
         {or_handlers}; put that on the block"
    );
    let error = syn::Error::new(Span::call_site(), mistake).to_compile_error();
    quote! { #item #error }
}
