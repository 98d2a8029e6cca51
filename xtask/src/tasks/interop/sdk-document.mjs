// Writes what an installed npm package `auth0` says of the Management API, as an OpenAPI document: operations, query
// parameters, bodies, responses, and statuses of failures. Arguments: the folder in which `auth0` and `typescript` are
// installed, and the contract, which has the status of each success: the package does not.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [folder, contractFile] = process.argv.slice(2);
const ts = createRequire(path.resolve(folder, "here.js"))("typescript");
const contract = JSON.parse(fs.readFileSync(contractFile, "utf8"));
const installed = path.join(folder, "node_modules", "auth0");
const { version } = JSON.parse(fs.readFileSync(path.join(installed, "package.json"), "utf8"));
const resources = path.join(installed, "dist", "cjs", "management", "api", "resources");

const clients = fs
  .readdirSync(resources, { recursive: true })
  .filter((name) => path.basename(name) === "Client.js")
  .map((name) => path.join(resources, name))
  .sort();
const declarations = (client) => client.replace(/\.js$/, ".d.ts");
const program = ts.createProgram(clients.map(declarations), {
  strict: true,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
});
const checker = program.getTypeChecker();

const schemas = {};
const names = new Map();

/** The schema of a type. Interfaces become components, so that one may refer to itself. */
function schema(type) {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
  if (type.flags & ts.TypeFlags.Null) return { type: "null" };
  if (type.flags & ts.TypeFlags.BooleanLike) return { type: "boolean" };
  if (type.isStringLiteral()) return { type: "string", enum: [type.value] };
  if (type.flags & ts.TypeFlags.StringLike) return { type: "string" };
  if (type.flags & ts.TypeFlags.NumberLike) return { type: "number" };
  if (type.isUnion()) return union(type.types);
  if (checker.isArrayType(type)) return { type: "array", items: schema(checker.getTypeArguments(type)[0]) };
  if (type.symbol?.name === "Date") return { type: "string" };
  return component(type);
}

function union(types) {
  const present = types.filter((type) => !(type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)));
  const values = present.filter((type) => type.isStringLiteral()).map((type) => type.value);
  const rest = present.filter((type) => !type.isStringLiteral()).map(schema);
  const variants = values.length > 0 ? [{ type: "string", enum: values.sort() }, ...rest] : rest;
  const distinct = [...new Map(variants.map((variant) => [JSON.stringify(variant), variant])).values()];
  return distinct.length === 1 ? distinct[0] : { anyOf: distinct };
}

function component(type) {
  if (!names.has(type)) {
    const wanted = type.aliasSymbol?.name ?? type.symbol?.name ?? "Object";
    const word = wanted.replace(/[^A-Za-z0-9]/g, "") || "Object";
    let name = word;
    for (let number = 2; name in schemas; number += 1) name = `${word}${number}`;
    names.set(type, name);
    schemas[name] = {};
    schemas[name] = object(type);
  }
  return { $ref: `#/components/schemas/${names.get(type)}` };
}

function object(type) {
  const members = checker.getPropertiesOfType(type).map((member) => {
    const isOptional = Boolean(member.flags & ts.SymbolFlags.Optional);
    return { name: member.name, isOptional, schema: schema(checker.getTypeOfSymbol(member)) };
  });
  const required = members.filter((member) => !member.isOptional).map((member) => member.name);
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  return {
    type: "object",
    properties: Object.fromEntries(members.map((member) => [member.name, member.schema])),
    ...(required.length > 0 && { required }),
    additionalProperties: index ? schema(index.type) : false,
  };
}

/** The schema of a query parameter: one value or several is several, and null is left out. */
function inQuery(type) {
  const values = type.isUnion() ? type.types : [type];
  const list = values.find((value) => checker.isArrayType(value));
  const value = schema(checker.getNonNullableType(list ? checker.getTypeArguments(list)[0] : type));
  return list ? { type: "array", items: value } : value;
}

/** The requests that a client sends: its methods, with method, path and statuses. */
function requests(file) {
  const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found = [];
  const property = (literal, name) =>
    literal.properties.find((member) => member.name?.getText(source) === name)?.initializer;
  const visit = (node, method) => {
    if (ts.isMethodDeclaration(node)) method = node;
    if (ts.isObjectLiteralExpression(node) && method && property(node, "url") && property(node, "method")) {
      const url = property(node, "url").arguments.at(-1);
      found.push({
        name: method.name.getText(source).replace(/^__/, ""),
        method: property(node, "method").text.toLowerCase(),
        path: `/${template(url, source)}`,
        hasBody: Boolean(property(node, "body")),
        statuses: statuses(method),
      });
    }
    ts.forEachChild(node, (child) => visit(child, method));
  };
  visit(source, undefined);
  return found;
}

/** The path of a URL, with its parameters in braces. */
function template(url, source) {
  if (!ts.isTemplateExpression(url)) return url.text;
  const name = (span) => span.expression.getText(source).match(/\((\w+)\)$/)[1];
  return url.head.text + url.templateSpans.map((span) => `{${name(span)}}${span.literal.text}`).join("");
}

function statuses(method) {
  const found = new Set();
  const visit = (node) => {
    if (ts.isCaseClause(node) && ts.isNumericLiteral(node.expression)) found.add(node.expression.text);
    ts.forEachChild(node, visit);
  };
  visit(method);
  return [...found].sort();
}

/** The methods of the class that a file declares, by their names. */
function signatures(file) {
  const source = program.getSourceFile(file);
  const declared = source.statements.filter(ts.isClassDeclaration).flatMap((statement) => [...statement.members]);
  const methods = declared.filter(ts.isMethodDeclaration);
  return new Map(methods.map((method) => [method.name.getText(source), checker.getSignatureFromDeclaration(method)]));
}

/** What a method returns: the last argument of `HttpResponsePromise<T>` and of `Promise<Page<Item, T>>`. */
function returned(type) {
  const parts = type.aliasTypeArguments ?? checker.getTypeArguments(type);
  const last = parts.at(-1);
  return last?.symbol?.name === "Page" ? returned(last) : last;
}

/** The status of a success: that of the contract, which the package does not know. */
function success(method, template) {
  const shape = (known) => known.replace(/\{\w+\}/g, "{}");
  const known = Object.entries(contract.paths).find(([other]) => shape(other) === shape(template))?.[1]?.[method];
  return Object.keys(known?.responses ?? {}).filter((status) => status.startsWith("2")).at(0) ?? "200";
}

function operation(request, signature, id) {
  const parameter = signature.getParameters().find((known) => known.name === "request");
  const type = parameter && checker.getNonNullableType(checker.getTypeOfSymbol(parameter));
  const path = [...request.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const query = type && !request.hasBody ? checker.getPropertiesOfType(type) : [];
  const response = returned(signature.getReturnType());
  const isEmpty = !response || response.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined);
  const failures = request.statuses.map((status) => [status, { description: "A failure." }]);
  const json = (content) => ({ content: { "application/json": { schema: content } } });
  return {
    operationId: id,
    parameters: [
      ...path.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...query.map((known) => ({ name: known.name, in: "query", schema: inQuery(checker.getTypeOfSymbol(known)) })),
    ],
    ...(type && request.hasBody && { requestBody: json(schema(type)) }),
    responses: {
      [success(request.method, request.path)]: { description: "A success.", ...(!isEmpty && json(schema(response))) },
      ...Object.fromEntries(failures),
    },
  };
}

const paths = {};
for (const client of clients) {
  const known = signatures(declarations(client));
  for (const request of requests(client)) {
    const area = path.relative(resources, path.dirname(path.dirname(client))).split(path.sep).join(".");
    const signature = known.get(request.name);
    if (!signature) throw new Error(`${client}: no declaration of ${request.name}`);
    (paths[request.path] ??= {})[request.method] = operation(request, signature, `${area}.${request.name}`);
  }
}
const info = { title: "npm auth0", version };
process.stdout.write(JSON.stringify({ openapi: "3.1.0", info, paths, components: { schemas } }));
