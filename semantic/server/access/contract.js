'use strict';

// The public contract, read from the view files: which members each role may use, which measures
// may not be added up over time, and which days are whole months. Default deny: what no view grants does not exist.

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const YAML = require('js-yaml');

function yamlFiles(folder) {
  return fs.readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .map((name) => path.join(folder, name));
}

// What a view lists itself, then what it takes over from the view it extends.
function partsOf(views, name) {
  const view = views.find((one) => one.name === name);
  const inherited = view?.extends ? partsOf(views, view.extends) : [];
  return [...(view?.cubes ?? []), ...inherited];
}

function readModel(modelPath) {
  const documents = yamlFiles(modelPath)
    .map((file) => YAML.load(fs.readFileSync(file, 'utf8')) ?? {});
  const written = documents.flatMap(({ views }) => views ?? []);
  return {
    cubes: documents.flatMap(({ cubes }) => cubes ?? []),
    // A view that is not public only lends its members to those that extend it.
    views: written
      .filter(({ public: isPublic }) => isPublic !== false)
      .map((view) => ({ ...view, cubes: partsOf(written, view.name) })),
  };
}

// A fingerprint of every formula: it tells two sets of definitions apart.
function definitionVersion(modelPath) {
  const digest = crypto.createHash('sha256');
  for (const file of yamlFiles(path.join(modelPath, 'cubes'))) {
    digest.update(`${path.relative(modelPath, file)}\0`).update(fs.readFileSync(file));
  }
  return digest.digest('hex').slice(0, 12);
}

// A view's members with the cube member behind each.
function membersOf(view) {
  return (view.cubes ?? []).flatMap(({ join_path: joinPath, includes, prefix }) => {
    const cube = joinPath.split('.').at(-1);
    return (includes ?? []).map((item) => {
      const { name, alias } = typeof item === 'string' ? { name: item } : item;
      const shown = alias ?? name;
      return { name: prefix ? `${cube}_${shown}` : shown, cube, source: name };
    });
  });
}

function isGranted(policy, member) {
  const { member_level: level } = policy;
  if (!level) {
    return true;
  }
  const isIncluded = !level.includes || level.includes === '*' || level.includes.includes(member);
  const isExcluded = level.excludes === '*' || (level.excludes ?? []).includes(member);
  return isIncluded && !isExcluded;
}

// A cube's own member, or the one it inherits.
function definitionOf(cubes, cubeName, memberName) {
  const cube = cubes.find(({ name }) => name === cubeName);
  if (cube === undefined) {
    return undefined;
  }
  return [...(cube.measures ?? []), ...(cube.dimensions ?? [])]
    .find(({ name }) => name === memberName)
    ?? (cube.extends ? definitionOf(cubes, cube.extends, memberName) : undefined);
}

function grantsOf(view, members) {
  const grants = new Map();
  for (const policy of view.access_policy ?? []) {
    for (const group of policy.groups ?? [policy.group]) {
      const known = grants.get(group) ?? new Set();
      members.filter(({ name }) => isGranted(policy, name)).forEach(({ name }) => known.add(name));
      grants.set(group, known);
    }
  }
  return grants;
}

function loadContract(modelPath) {
  const { cubes, views } = readModel(modelPath);
  const grantsByView = new Map();
  const semiAdditive = new Set();
  const monthly = new Set();
  for (const view of views) {
    const members = membersOf(view);
    grantsByView.set(view.name, grantsOf(view, members));
    for (const { name, cube, source } of members) {
      const meta = definitionOf(cubes, cube, source)?.meta;
      if (meta?.semi_additive) {
        semiAdditive.add(`${view.name}.${name}`);
      }
      if (meta?.period === 'month') {
        monthly.add(`${view.name}.${name}`);
      }
    }
  }
  return {
    allows: (role, member) => {
      const [view, name] = member.split('.');
      return grantsByView.get(view)?.get(role)?.has(name) ?? false;
    },
    isSemiAdditive: (member) => semiAdditive.has(member),
    isMonthly: (member) => monthly.has(member),
    isView: (name) => grantsByView.has(name),
  };
}

module.exports = { definitionVersion, loadContract, readModel };
