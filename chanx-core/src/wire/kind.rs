//! The one table of what can be wrong with a client's data.

/// The kind of a mistake: the `type` on the wire, which clients branch on, and its
/// text.
///
/// The names are pydantic's, which existing clients know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    // The frame.
    JsonInvalid,
    ModelType,
    UnionTagNotFound,
    UnionTagInvalid,

    // A value that is not there, or one too many.
    Missing,
    ExtraForbidden,
    ReservedKey,

    // A value of the wrong kind.
    BoolType,
    BytesType,
    DictType,
    Enum,
    FloatType,
    IntFromFloat,
    IntType,
    ListType,
    NoneRequired,
    StringType,

    // A value of the right kind that is refused.
    DateParsing,
    DatetimeParsing,
    FiniteNumber,
    GreaterThanEqual,
    IpAnyAddress,
    IpV4Address,
    IpV6Address,
    LessThanEqual,
    StringTooLong,
    StringTooShort,
    TimeDeltaParsing,
    TimeParsing,
    TooLong,
    TooShort,
    UrlParsing,
    UuidParsing,
    ValueError,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        self.row().0
    }

    pub(crate) const fn text(self) -> &'static str {
        self.row().1
    }

    const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::JsonInvalid => ("json_invalid", "not valid JSON"),
            Self::ModelType => ("model_type", "a message is a JSON object"),
            Self::UnionTagNotFound => ("union_tag_not_found", "no action is named"),
            Self::UnionTagInvalid => ("union_tag_invalid", "nothing goes by this name"),

            Self::Missing => ("missing", "required, but missing"),
            Self::ExtraForbidden => ("extra_forbidden", "not expected here"),
            Self::ReservedKey => (
                "reserved_key",
                "no key may begin with `$serde_json::private::`",
            ),

            Self::BoolType => ("bool_type", "must be true or false"),
            Self::BytesType => ("bytes_type", "must be a string or a list of bytes"),
            Self::DictType => ("dict_type", "must be an object"),
            Self::Enum => ("enum", "must be one of the values allowed"),
            Self::FloatType => ("float_type", "must be a number"),
            Self::IntFromFloat => ("int_from_float", "must be a number without a fraction"),
            Self::IntType => ("int_type", "must be an integer"),
            Self::ListType => ("list_type", "must be a list"),
            Self::NoneRequired => ("none_required", "must be null"),
            Self::StringType => ("string_type", "must be a string"),

            Self::DateParsing => ("date_parsing", "must be a date"),
            Self::DatetimeParsing => ("datetime_parsing", "must be a date and a time"),
            Self::FiniteNumber => ("finite_number", "holds a number out of range"),
            Self::GreaterThanEqual => ("greater_than_equal", "the number is too small"),
            Self::IpAnyAddress => ("ip_any_address", "must be an IP address"),
            Self::IpV4Address => ("ip_v4_address", "must be an IPv4 address"),
            Self::IpV6Address => ("ip_v6_address", "must be an IPv6 address"),
            Self::LessThanEqual => ("less_than_equal", "the number is too large"),
            Self::StringTooLong => ("string_too_long", "the text is too long"),
            Self::StringTooShort => ("string_too_short", "the text is too short"),
            Self::TimeDeltaParsing => ("time_delta_parsing", "must be a duration"),
            Self::TimeParsing => ("time_parsing", "must be a time"),
            Self::TooLong => ("too_long", "has too many items"),
            Self::TooShort => ("too_short", "has too few items"),
            Self::UrlParsing => ("url_parsing", "must be a URL"),
            Self::UuidParsing => ("uuid_parsing", "must be a UUID"),
            Self::ValueError => ("value_error", "the value is not acceptable"),
        }
    }
}
