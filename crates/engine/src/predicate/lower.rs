//! From `cel`'s tree to ours, with types. All problems are found, not the first.

use super::parse::parse;
use super::problem::{Problem, did_you_mean};
use super::tree::{Expr, Loop, Node, Op, Origin, TextTest};
use super::types::Type;
use crate::content::Param;
use cel::common::ast::{CallExpr, Expr as Cel, IdedExpr, LiteralValue, SourceInfo, operators};
use std::collections::BTreeSet;
use std::sync::Arc;

/// More nodes than this are refused.
const NODES_MAX: usize = 1000;
/// Loops nested deeper are refused: each level multiplies the work.
const LOOPS_MAX: usize = 3;

/// The names that an assertion may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'s> {
    /// Evidence by name; none where its type is unknown, which is a problem of
    /// its own that is reported elsewhere.
    pub(crate) bindings: &'s [(String, Option<Type>)],
    pub(crate) params: &'s [Param],
    pub(crate) registers: &'s [String],
}

/// What an assertion uses, for the linter.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    pub(crate) bindings: BTreeSet<usize>,
    pub(crate) params: BTreeSet<usize>,
    pub(crate) registers: BTreeSet<usize>,
    /// Bindings of which an optional field is read, with the field and its place.
    pub(crate) optional: Vec<(usize, String, usize)>,
}

/// What the type of a whole expression may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A truth: it is an assertion.
    Truth,
    /// Anything: somebody asks for a value.
    Value,
}

/// Parses, lowers and types `text`.
pub(crate) fn lower(
    text: &str,
    scope: Scope<'_>,
    wanted: Wanted,
) -> Result<(Node, Uses), Vec<Problem>> {
    let (tree, info) = parse(text, scope.bindings.iter().map(|(name, _)| name.as_str()))?;
    let mut lowerer = Lowerer {
        text,
        info: &info,
        scope,
        vars: Vec::new(),
        nodes: 0,
        uses: Uses::default(),
        problems: Vec::new(),
    };
    let root = lowerer.node(&tree);
    if let Some(root) = &root
        && wanted == Wanted::Truth
        && root.ty != Type::Bool
    {
        let ty = &root.ty;
        let len = lowerer.token_len(root.at);
        lowerer.problem(
            "cel-type",
            root.at,
            len,
            format!("断言的类型是 {ty}，应为 bool"),
            format!("the assertion is of type {ty}, not bool"),
        );
    }
    match root {
        Some(root) if lowerer.problems.is_empty() => Ok((root, lowerer.uses)),
        _ => {
            if lowerer.problems.is_empty() {
                // Only evidence of unknown type can bring us here, and that is
                // reported where it is bound.
                return Err(Vec::new());
            }
            lowerer.problems.sort_by_key(|problem| problem.at);
            Err(lowerer.problems)
        }
    }
}

struct Var {
    name: Arc<str>,
    ty: Type,
    origin: Option<Origin>,
}

struct Lowerer<'l> {
    text: &'l str,
    info: &'l SourceInfo,
    scope: Scope<'l>,
    vars: Vec<Var>,
    nodes: usize,
    uses: Uses,
    problems: Vec<Problem>,
}

impl Lowerer<'_> {
    fn problem(
        &mut self,
        code: &'static str,
        at: usize,
        len: usize,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.problems.push(Problem::new(code, at, len, zh, en));
    }

    /// Refuses what is named in Chinese and in English.
    fn refuse(&mut self, at: usize, len: usize, zh: &str, en: &str) -> Option<Node> {
        let (zh, en) =
            (format!("断言语言不支持{zh}"), format!("{en} is not part of the assertion language"));
        self.problem("cel-unsupported", at, len, zh, en);
        None
    }

    /// Byte offset of the token of a node.
    fn at(&self, node: &IdedExpr) -> usize {
        self.info.offset_for(node.id).map_or(0, |(start, _)| start as usize).min(self.text.len())
    }

    /// How many bytes the word or quoted text at `at` has; 1 for anything else.
    fn token_len(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => rest[1..].find(quote).map_or(1, |end| end + 2),
            _ => rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()).max(1),
        }
    }

    /// Offset of the word that ends before `at`, the name of a called function.
    fn word_before(&self, at: usize, word: &str) -> usize {
        self.text.get(..at).and_then(|before| before.rfind(word)).unwrap_or(at)
    }

    /// Offset of the field name that follows the dot at `at`.
    fn word_after(&self, at: usize, word: &str) -> usize {
        self.text.get(at..).and_then(|rest| rest.find(word)).map_or(at, |found| at + found)
    }

    fn node(&mut self, node: &IdedExpr) -> Option<Node> {
        let at = self.at(node);
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            if self.nodes == NODES_MAX + 1 {
                let en = format!("more than {NODES_MAX} operands");
                self.problem("cel-limit", at, 1, "表达式过大", en);
            }
            return None;
        }
        match &node.expr {
            Cel::Literal(literal) => self.literal(literal, at),
            Cel::Ident(name) => self.ident(name, at),
            Cel::Select(select) => {
                if let Some(binding) = self.dotted_binding(node) {
                    return binding;
                }
                let name_at = self.word_after(at, &select.field);
                if let Cel::Ident(root) = &select.operand.expr {
                    match root.as_str() {
                        "params" => return self.param(&select.field, name_at),
                        "registers" => return self.register(&select.field, name_at),
                        _ => {}
                    }
                }
                let base = self.node(&select.operand)?;
                self.field(base, &select.field, name_at, true)
            }
            Cel::List(list) => self.list(&list.elements, at),
            Cel::Call(call) => self.call(call, at),
            Cel::Map(_) => self.refuse(at, 1, "映射字面量", "a map literal"),
            Cel::Struct(_) => self.refuse(at, 1, "消息字面量", "a message literal"),
            Cel::Comprehension(_) | Cel::Unspecified => {
                self.refuse(at, 1, "这种表达式", "this expression")
            }
        }
    }

    fn literal(&mut self, literal: &LiteralValue, at: usize) -> Option<Node> {
        let (expr, ty) = match literal {
            LiteralValue::Boolean(value) => (Expr::Bool(*value.inner()), Type::Bool),
            LiteralValue::Int(value) => (Expr::Int(*value.inner()), Type::Int),
            LiteralValue::String(value) => (Expr::Text(value.inner().into()), Type::Text),
            LiteralValue::Null => {
                return self.refuse(at, 4, " null（请用 has()）", "null (use has())");
            }
            LiteralValue::Double(_) => {
                return self.refuse(at, 1, "带小数的数", "a number with fraction");
            }
            LiteralValue::UInt(_) => return self.refuse(at, 1, "无符号数", "an unsigned number"),
            LiteralValue::Bytes(_) => return self.refuse(at, 1, "字节串字面量", "a bytes literal"),
        };
        Some(Node { expr, ty, at, origin: None })
    }

    fn ident(&mut self, name: &str, at: usize) -> Option<Node> {
        if let Some(slot) = self.vars.iter().rposition(|var| &*var.name == name) {
            let var = &self.vars[slot];
            let expr = Expr::Var(slot);
            return Some(Node { expr, ty: var.ty.clone(), at, origin: var.origin.clone() });
        }
        if name == "now" {
            return Some(Node { expr: Expr::Now, ty: Type::Now, at, origin: None });
        }
        if let Some(index) = self.scope.bindings.iter().position(|(known, _)| known == name) {
            self.uses.bindings.insert(index);
            let ty = self.scope.bindings[index].1.clone()?;
            let origin = Some(Origin { binding: index, path: "".into() });
            return Some(Node { expr: Expr::Binding(index), ty, at, origin });
        }
        let known = self.scope.bindings.iter().map(|(known, _)| known.as_str());
        let vars = self.vars.iter().map(|var| &*var.name);
        let help = did_you_mean(name, known.chain(vars).chain(["params", "registers", "now"]));
        self.problems.push(
            Problem::new(
                "unknown-name",
                at,
                name.len(),
                format!("未定义的名称 `{name}`"),
                format!("nothing is named `{name}`"),
            )
            .help(help),
        );
        None
    }

    /// Evidence whose name has dots, such as `sshd.effective`: bound so where
    /// somebody asks for values. The inner none is evidence of unknown type.
    fn dotted_binding(&mut self, node: &IdedExpr) -> Option<Option<Node>> {
        let bindings = self.scope.bindings;
        if !bindings.iter().any(|(name, _)| name.contains('.')) {
            return None;
        }
        let (path, first) = dotted(node)?;
        let variable = path.split('.').next().unwrap_or_default();
        if self.vars.iter().any(|var| &*var.name == variable) {
            return None;
        }
        let index = bindings.iter().position(|(name, _)| *name == path)?;
        self.uses.bindings.insert(index);
        let origin = Some(Origin { binding: index, path: "".into() });
        let at = self.at(first);
        let ty = bindings[index].1.clone();
        Some(ty.map(|ty| Node { expr: Expr::Binding(index), ty, at, origin }))
    }

    fn param(&mut self, name: &str, at: usize) -> Option<Node> {
        let params = self.scope.params;
        if let Some(index) = params.iter().position(|param| param.name == name) {
            self.uses.params.insert(index);
            let ty = Type::of_param(params[index].kind);
            return Some(Node { expr: Expr::Param(index), ty, at, origin: None });
        }
        let help = did_you_mean(name, params.iter().map(|param| param.name.as_str()));
        self.problems.push(
            Problem::new(
                "unknown-param",
                at,
                name.len(),
                format!("未声明的参数 `{name}`"),
                format!("the check has no parameter `{name}`"),
            )
            .help(help),
        );
        None
    }

    fn register(&mut self, name: &str, at: usize) -> Option<Node> {
        let registers = self.scope.registers;
        if let Some(index) = registers.iter().position(|known| known == name) {
            self.uses.registers.insert(index);
            let ty = Type::list(Type::Text);
            return Some(Node { expr: Expr::Register(index), ty, at, origin: None });
        }
        let help = did_you_mean(name, registers.iter().map(String::as_str));
        self.problems.push(
            Problem::new(
                "unknown-register",
                at,
                name.len(),
                format!("未绑定的登记清单 `{name}`"),
                format!("the check binds no register `{name}`"),
            )
            .help(help),
        );
        None
    }

    /// A field of `base`; `reads` is false inside `has()`, where absence is the question.
    fn field(&mut self, base: Node, name: &str, at: usize, reads: bool) -> Option<Node> {
        let Type::Record(record) = &base.ty else {
            let ty = &base.ty;
            let (zh, en) = (
                format!("类型 {ty} 没有字段 `{name}`"),
                format!("a value of type {ty} has no field `{name}`"),
            );
            self.problem("cel-type", at, name.len(), zh, en);
            return None;
        };
        let Some(field) = record.field(name) else {
            let help = did_you_mean(name, record.fields.iter().map(|field| &*field.name));
            self.problems.push(
                Problem::new(
                    "no-such-field",
                    at,
                    name.len(),
                    format!("证据结构中没有字段 `{name}`"),
                    format!("no evidence schema has a field `{name}` here"),
                )
                .help(help),
            );
            return None;
        };
        let (ty, optional, name) = (field.ty.clone(), field.optional, Arc::clone(&field.name));
        let origin = base.origin.as_ref().map(|origin| origin.field(&name));
        if optional
            && reads
            && let Some(origin) = &origin
        {
            self.uses.optional.push((origin.binding, name.to_string(), at));
        }
        Some(Node { expr: Expr::Field { base: Box::new(base), name, optional }, ty, at, origin })
    }

    fn list(&mut self, elements: &[IdedExpr], at: usize) -> Option<Node> {
        let members: Vec<_> = elements.iter().map(|element| self.node(element)).collect();
        let members = members.into_iter().collect::<Option<Vec<_>>>()?;
        let mut ty = Type::Nothing;
        for member in &members {
            if !matches!(member.expr, Expr::Bool(_) | Expr::Int(_) | Expr::Text(_)) {
                return self.refuse(
                    member.at,
                    1,
                    "不是字面量的列表成员",
                    "a list member that is not a literal",
                );
            }
            let of_member = Type::list(member.ty.clone());
            if ty != Type::Nothing && ty != of_member {
                self.mixed(member.at, self.token_len(member.at), &ty, &of_member);
                return None;
            }
            ty = of_member;
        }
        Some(Node { expr: Expr::List(members), ty, at, origin: None })
    }

    fn mixed(&mut self, at: usize, len: usize, left: &Type, right: &Type) {
        self.problem(
            "cel-type",
            at,
            len,
            format!("类型不一致：{left} 与 {right}"),
            format!("types differ: {left} and {right}"),
        );
    }

    fn call(&mut self, call: &CallExpr, at: usize) -> Option<Node> {
        let args = call.args.as_slice();
        match (call.target.as_deref(), call.func_name.as_str(), args) {
            (None, operators::LOGICAL_NOT, [inner]) => {
                let inner = self.boolean(inner)?;
                Some(bool_node(Expr::Not(Box::new(inner)), at))
            }
            (None, name @ (operators::LOGICAL_AND | operators::LOGICAL_OR), [_, _]) => {
                self.junction(call, name == operators::LOGICAL_AND, at)
            }
            (None, operators::IN, [item, list]) => self.membership(item, list, at),
            (None, operators::INDEX, [map, key]) => self.index(map, key, at),
            (None, "has", [field]) => self.has(field, at),
            (None, "size", [list]) | (Some(list), "size", []) => self.size(list, at),
            (None, "mode_within", [mode, allowed]) => self.mode_within(mode, allowed, at),
            (None, "within_days", [day, days]) => self.within_days(day, days, at),
            (None, operator, [left, right]) if compare_op(operator).is_some() => {
                self.compare(compare_op(operator)?, left, right, at)
            }
            (Some(list), name, [var, body]) if Loop::find(name).is_some() => {
                self.looped(Loop::find(name)?, list, var, body, at)
            }
            (Some(text), name, [part]) if TextTest::ALL.iter().any(|test| test.word() == name) => {
                let test = TextTest::ALL.into_iter().find(|test| test.word() == name)?;
                let (text, part) = (self.text_value(text), self.text_value(part));
                let (text, part) = (Box::new(text?), Box::new(part?));
                Some(bool_node(Expr::TextTest { test, text, part }, at))
            }
            (_, name, _) => self.unknown_call(name, at),
        }
    }

    fn unknown_call(&mut self, name: &str, at: usize) -> Option<Node> {
        const CALLS: [&str; 12] = [
            "all",
            "exists",
            "filter",
            "map",
            "unique",
            "has",
            "size",
            "startsWith",
            "endsWith",
            "contains",
            "mode_within",
            "within_days",
        ];
        if let Some(operator) = name.strip_suffix('_').map(|name| name.trim_matches('_')) {
            let (zh, en) = (format!("运算符 `{operator}`"), format!("operator `{operator}`"));
            return self.refuse(at, operator.len().max(1), &zh, &en);
        }
        let at = self.word_before(at, name);
        let help = if CALLS.contains(&name) { None } else { did_you_mean(name, CALLS) };
        let (zh, en) = if CALLS.contains(&name) {
            (format!("`{name}` 的参数个数不对"), format!("`{name}` takes other arguments"))
        } else {
            (format!("没有函数 `{name}`"), format!("no function `{name}`"))
        };
        self.problems.push(Problem::new("unknown-function", at, name.len(), zh, en).help(help));
        None
    }

    /// `a && b && c` becomes one node of three.
    fn junction(&mut self, call: &CallExpr, and: bool, at: usize) -> Option<Node> {
        let mut members = Vec::new();
        let mut whole = true;
        for arg in &call.args {
            match self.boolean(arg) {
                Some(Node { expr: Expr::And(inner), .. }) if and => members.extend(inner),
                Some(Node { expr: Expr::Or(inner), .. }) if !and => members.extend(inner),
                Some(node) => members.push(node),
                None => whole = false,
            }
        }
        let expr = if and { Expr::And(members) } else { Expr::Or(members) };
        whole.then(|| bool_node(expr, at))
    }

    fn typed(&mut self, node: &IdedExpr, want: &Type) -> Option<Node> {
        let node = self.node(node)?;
        if node.ty != *want {
            let ty = &node.ty;
            let (zh, en) =
                (format!("此处应为 {want}，实为 {ty}"), format!("expected {want}, found {ty}"));
            let len = self.token_len(node.at);
            self.problem("cel-type", node.at, len, zh, en);
            return None;
        }
        Some(node)
    }

    fn boolean(&mut self, node: &IdedExpr) -> Option<Node> {
        self.typed(node, &Type::Bool)
    }

    fn int_value(&mut self, node: &IdedExpr) -> Option<Node> {
        self.typed(node, &Type::Int)
    }

    fn text_value(&mut self, node: &IdedExpr) -> Option<Node> {
        self.typed(node, &Type::Text)
    }

    fn compare(&mut self, op: Op, left: &IdedExpr, right: &IdedExpr, at: usize) -> Option<Node> {
        let (left, right) = (self.node(left), self.node(right));
        let (left, right) = (left?, right?);
        if op.is_order() {
            if !left.ty.orders_with(&right.ty) {
                let (a, b, word) = (&left.ty, &right.ty, op.word());
                let (zh, en) = (
                    format!("{a} 与 {b} 不能用 `{word}` 比较"),
                    format!("`{word}` does not compare {a} with {b}"),
                );
                self.problem("cel-type", at, word.len(), zh, en);
                return None;
            }
        } else if left.ty != right.ty {
            self.mixed(at, 2, &left.ty, &right.ty);
            return None;
        } else if !left.ty.is_scalar() {
            let (zh, en) = (format!(" {} 的相等比较", left.ty), format!("equality of {}", left.ty));
            return self.refuse(at, 2, &zh, &en);
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Some(bool_node(Expr::Compare { op, left, right }, at))
    }

    fn membership(&mut self, item: &IdedExpr, list: &IdedExpr, at: usize) -> Option<Node> {
        let (item, list) = (self.node(item), self.node(list));
        let (item, list) = (item?, list?);
        match &list.ty {
            Type::List(element) if **element == item.ty && item.ty.is_scalar() => {}
            Type::Nothing if item.ty.is_scalar() => {}
            Type::List(element) => {
                let element = Type::clone(element);
                self.mixed(at, 2, &item.ty, &element);
                return None;
            }
            other => {
                let (zh, en) = (
                    format!("`in` 右侧应为列表，实为 {other}"),
                    format!("`in` needs a list on its right, found {other}"),
                );
                self.problem("cel-type", at, 2, zh, en);
                return None;
            }
        }
        let (item, list) = (Box::new(item), Box::new(list));
        Some(bool_node(Expr::In { item, list }, at))
    }

    fn index(&mut self, map: &IdedExpr, key: &IdedExpr, at: usize) -> Option<Node> {
        let (map, key) = (self.node(map), self.text_value(key));
        let (map, key) = (map?, key?);
        let Type::Map(value) = &map.ty else {
            return self.refuse(
                at,
                1,
                "对映射参数以外的值取下标",
                "an index into something other than a map parameter",
            );
        };
        let ty = Type::clone(value);
        let expr = Expr::Index { map: Box::new(map), key: Box::new(key) };
        Some(Node { expr, ty, at, origin: None })
    }

    fn has(&mut self, field: &IdedExpr, at: usize) -> Option<Node> {
        let Cel::Select(select) = &field.expr else {
            return self.refuse(
                at,
                1,
                "对字段以外的值用 has()",
                "has() of something other than a field",
            );
        };
        let name_at = self.word_after(self.at(field), &select.field);
        let base = self.node(&select.operand)?;
        let field = self.field(base, &select.field, name_at, false)?;
        if !matches!(field.expr, Expr::Field { optional: true, .. }) {
            let name = &select.field;
            let (zh, en) = (
                format!("字段 `{name}` 总是存在，has() 没有意义"),
                format!("field `{name}` is always there, has() says nothing"),
            );
            self.problem("cel-type", name_at, name.len(), zh, en);
            return None;
        }
        Some(bool_node(Expr::Has(Box::new(field)), at))
    }

    fn size(&mut self, list: &IdedExpr, at: usize) -> Option<Node> {
        let list = self.node(list)?;
        if !matches!(list.ty, Type::List(_)) {
            let ty = &list.ty;
            let (zh, en) =
                (format!("size() 需要列表，实为 {ty}"), format!("size() needs a list, found {ty}"));
            let len = self.token_len(list.at);
            self.problem("cel-type", list.at, len, zh, en);
            return None;
        }
        Some(Node { expr: Expr::Size(Box::new(list)), ty: Type::Int, at, origin: None })
    }

    fn mode_within(&mut self, mode: &IdedExpr, allowed: &IdedExpr, at: usize) -> Option<Node> {
        let (mode, allowed) = (self.text_value(mode), self.text_value(allowed));
        let (mode, allowed) = (mode?, allowed?);
        if let Expr::Text(text) = &allowed.expr
            && super::mode_bits(text).is_none()
        {
            let (zh, en) = (
                format!("`{text}` 不是八进制权限"),
                format!("`{text}` is not an octal mode such as 0640"),
            );
            self.problem("cel-type", allowed.at, text.len() + 2, zh, en);
            return None;
        }
        let (mode, allowed) = (Box::new(mode), Box::new(allowed));
        Some(bool_node(Expr::ModeWithin { mode, allowed }, at))
    }

    fn within_days(&mut self, day: &IdedExpr, days: &IdedExpr, at: usize) -> Option<Node> {
        let (day, days) = (self.int_value(day), self.int_value(days));
        let (day, days) = (Box::new(day?), Box::new(days?));
        Some(bool_node(Expr::WithinDays { day, days }, at))
    }

    fn looped(
        &mut self,
        kind: Loop,
        list: &IdedExpr,
        var: &IdedExpr,
        body: &IdedExpr,
        at: usize,
    ) -> Option<Node> {
        let list = self.node(list)?;
        let Type::List(element) = &list.ty else {
            let (ty, word) = (&list.ty, kind.word());
            let (zh, en) = (
                format!("`{word}` 需要列表，实为 {ty}"),
                format!("`{word}` needs a list, found {ty}"),
            );
            let word_at = self.word_before(at, word);
            self.problem("cel-type", word_at, word.len(), zh, en);
            return None;
        };
        let element = Type::clone(element);
        let name = self.variable(var)?;
        if self.vars.len() == LOOPS_MAX {
            let en = format!("loops nested deeper than {LOOPS_MAX}");
            self.problem("cel-limit", at, 1, "循环嵌套过深", en);
            return None;
        }
        let slot = self.vars.len();
        self.vars.push(Var { name, ty: element.clone(), origin: list.element_origin() });
        let body = self.node(body);
        self.vars.pop();
        let body = body?;
        let ty = match kind {
            Loop::All | Loop::Exists | Loop::Filter if body.ty != Type::Bool => {
                self.mixed(body.at, self.token_len(body.at), &body.ty, &Type::Bool);
                return None;
            }
            Loop::Unique | Loop::Map if !body.ty.is_scalar() => {
                let (word, ty) = (kind.word(), &body.ty);
                let zh = format!("以类型 {ty} 为键的 `{word}`");
                let en = format!("`{word}` over keys of type {ty}");
                return self.refuse(body.at, 1, &zh, &en);
            }
            Loop::All | Loop::Exists | Loop::Unique => Type::Bool,
            Loop::Filter => Type::list(element),
            Loop::Map => Type::list(body.ty.clone()),
        };
        let origin = match kind {
            Loop::Filter => list.origin.clone(),
            _ => None,
        };
        let expr = Expr::Loop { kind, slot, list: Box::new(list), body: Box::new(body) };
        Some(Node { expr, ty, at, origin })
    }

    fn variable(&mut self, var: &IdedExpr) -> Option<Arc<str>> {
        let at = self.at(var);
        let Cel::Ident(name) = &var.expr else {
            self.refuse(at, 1, "不是名称的循环变量", "a loop variable that is not a name");
            return None;
        };
        let taken = ["params", "registers", "now"].contains(&name.as_str())
            || self.scope.bindings.iter().any(|(known, _)| known == name)
            || self.vars.iter().any(|var| &*var.name == name.as_str());
        if taken {
            let (zh, en) = (
                format!("变量名 `{name}` 已被占用"),
                format!("the name `{name}` is taken already"),
            );
            self.problem("taken-name", at, name.len(), zh, en);
            return None;
        }
        Some(name.as_str().into())
    }
}

/// A chain of names such as `a.b.c`, and its first link.
fn dotted(node: &IdedExpr) -> Option<(String, &IdedExpr)> {
    match &node.expr {
        Cel::Ident(name) => Some((name.clone(), node)),
        Cel::Select(select) => {
            let (path, first) = dotted(&select.operand)?;
            Some((format!("{path}.{}", select.field), first))
        }
        _ => None,
    }
}

fn bool_node(expr: Expr, at: usize) -> Node {
    Node { expr, ty: Type::Bool, at, origin: None }
}

fn compare_op(operator: &str) -> Option<Op> {
    Some(match operator {
        operators::EQUALS => Op::Eq,
        operators::NOT_EQUALS => Op::Ne,
        operators::LESS => Op::Lt,
        operators::LESS_EQUALS => Op::Le,
        operators::GREATER => Op::Gt,
        operators::GREATER_EQUALS => Op::Ge,
        _ => return None,
    })
}
