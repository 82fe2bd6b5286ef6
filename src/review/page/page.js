/* What moves on the page. Without it everything is there to be read; with it the diagram can be zoomed, searched and followed. */
'use strict';

document.documentElement.classList.add('scripted');

/* Small helpers. */

const find = (selector, root = document) => root.querySelector(selector);
const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];
const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

function make(tag, classes, text) {
    const element = document.createElement(tag);

    if (classes)
        element.className = classes;
    if (text !== undefined)
        element.textContent = text;
    return element;
}

/* Light, dark, or as the system has it. */

function setUpTheme() {
    const button = find('#theme');
    const themes = ['auto', 'light', 'dark'];
    const show = theme => {
        document.documentElement.dataset.theme = theme;
        find('output', button).textContent = theme;
    };

    let stored = null;
    try {
        stored = localStorage.getItem('persist-theme');
    } catch { /* no storage: the choice holds until the page is closed */ }
    show(themes.includes(stored) ? stored : 'auto');
    button.addEventListener('click', () => {
        const next = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];

        show(next);
        try {
            localStorage.setItem('persist-theme', next);
        } catch { /* as above */ }
    });
}

/* One diagram: what is in it, and where it is looked at from. The SVG's own viewBox fits it into the frame; zoom and place come on top. */

const ROW = 20;
const HEAD = 30;
const FAR = 0.5; /* below this many pixels a unit, fields cannot be read and names are shown large */
const NEAREST = 2.5;
const CULLED_FROM = 80; /* entities */

class Diagram {
    constructor(frame, prefix) {
        this.frame = frame;
        this.svg = find('svg', frame);
        this.view = find('.view', this.svg);
        this.box = this.svg.viewBox.baseVal;
        this.x = 0;
        this.y = 0;
        this.zoom = 1;
        this.selected = null;
        this.readEntities(prefix);
        this.readRelations();
        this.svg.setAttribute('tabindex', '0');
        this.svg.setAttribute('role', 'application');
    }

    readEntities(prefix) {
        this.entities = findAll('.entity', this.svg).map(element => {
            const place = element.getAttribute('transform').match(/-?[\d.]+/g).map(Number);
            const shape = find('.box', element);
            const entity = {
                element, shape, name: element.dataset.name, was: element.dataset.was || '', x: place[0], y: place[1],
                width: Number(shape.getAttribute('width')), height: Number(shape.getAttribute('height')), relations: [],
                changed: /\b(added|removed|changed)\b/.test(element.getAttribute('class'))
            };

            entity.fields = findAll('.field', element).map((row, index) => ({
                element: row, index, name: row.dataset.name, was: row.dataset.was || '',
                added: row.classList.contains('added'), removed: row.classList.contains('removed')
            }));
            element.entity = entity;
            return entity;
        });
        this.byNumber = new Map(this.entities.map(entity => [Number(entity.element.id.slice(prefix.length + 1)), entity]));
        this.byName = new Map(this.entities.map(entity => [entity.was, entity]));
        for (const entity of this.entities) /* a name that is used now is not what another was called */
            this.byName.set(entity.name, entity);
    }

    readRelations() {
        this.relations = findAll('.relation', this.svg).map(element => {
            const relation = {
                element, from: this.byNumber.get(Number(element.dataset.from)), to: this.byNumber.get(Number(element.dataset.to)),
                name: element.dataset.name || '', field: element.dataset.field || '', paths: null
            };

            element.relation = relation;
            relation.from.relations.push(relation);
            if (relation.to !== relation.from)
                relation.to.relations.push(relation);
            if (relation.from.changed === false && /\b(added|removed|changed)\b/.test(element.getAttribute('class')))
                relation.from.changed = true;
            return relation;
        });
    }

    /* As high as the picture needs, within the window; what is not shown has no width yet. */
    fitHeight() {
        if (this.frame.hidden)
            return;
        const wanted = this.box.height * Math.min(1, this.frame.clientWidth / this.box.width);

        this.svg.style.height = this.frame.closest('.expanded') ? '' :
            `${clamp(wanted, Math.min(360, window.innerHeight * 0.6), Math.max(340, window.innerHeight * 0.72))}px`;
        this.apply();
    }

    /* Pixels a unit, without our own zoom. */
    base() {
        return Math.min(this.svg.clientWidth / this.box.width, this.svg.clientHeight / this.box.height) || 1;
    }

    scale() {
        return this.base() * this.zoom;
    }

    /* The place of the pointer in units of the SVG. */
    unit(event) {
        const matrix = this.svg.getScreenCTM();

        return { x: (event.clientX - matrix.e) / matrix.a, y: (event.clientY - matrix.f) / matrix.d };
    }

    apply(animated = false) {
        const far = this.scale() < FAR;
        const jump = this.entities.length > CULLED_FROM && far !== this.far;

        this.far = far;
        if (jump)
            this.cull(0);
        this.view.classList.toggle('moving', animated && !jump);
        this.view.style.transform = `translate(${this.x.toFixed(1)}px, ${this.y.toFixed(1)}px) scale(${this.zoom.toFixed(4)})`;
        this.svg.classList.toggle('far', far);
        this.cull(350);
    }

    /* A browser lays every text out anew when the scale changes. Of a large model only what is in or near the frame takes part: what comes
     * into view does at once; what left it is put away when all is still, or at once
     * where the fields come into sight. */
    cull(delay) {
        if (this.entities.length <= CULLED_FROM)
            return;
        const base = this.base();
        const reach = { x: this.svg.clientWidth / base, y: this.svg.clientHeight / base };
        const left = (this.box.width / 2 - reach.x - this.x) / this.zoom, right = (this.box.width / 2 + reach.x - this.x) / this.zoom;
        const top = (this.box.height / 2 - reach.y - this.y) / this.zoom, bottom = (this.box.height / 2 + reach.y - this.y) / this.zoom;
        const gone = [];

        for (const entity of this.entities) {
            const near = entity.x < right && entity.x + entity.width > left && entity.y < bottom && entity.y + entity.height > top;

            if (near)
                entity.element.classList.remove('culled');
            else
                gone.push(entity);
        }
        const put = () => gone.forEach(entity => entity.element.classList.add('culled'));

        clearTimeout(this.culling);
        if (delay)
            this.culling = setTimeout(put, delay);
        else
            put();
    }

    zoomAt(x, y, factor, animated) {
        const least = Math.min(1, 0.35 / this.base());
        const zoom = clamp(this.zoom * factor, least, NEAREST / this.base());

        this.x = x - (x - this.x) * zoom / this.zoom;
        this.y = y - (y - this.y) * zoom / this.zoom;
        this.zoom = zoom;
        this.apply(animated);
    }

    zoomBy(factor) {
        this.zoomAt(this.box.width / 2, this.box.height / 2, factor, true);
    }

    move(x, y, animated) {
        this.x += x;
        this.y += y;
        this.apply(animated);
    }

    /* Brings a part of the picture into the middle, so that it fills the frame but is no larger than life. */
    show(area, animated, least = 0) {
        const base = this.base();
        const seen = { width: this.svg.clientWidth / base, height: this.svg.clientHeight / base };
        const fitting = Math.min(seen.width / (area.width + 60), seen.height / (area.height + 60));

        this.zoom = Math.max(Math.min(fitting, 1 / base), Math.min(least / base, NEAREST / base));
        this.x = this.box.width / 2 - (area.x + area.width / 2) * this.zoom;
        this.y = this.box.height / 2 - (area.y + area.height / 2) * this.zoom;
        this.apply(animated);
    }

    fit(animated = true) {
        this.show(this.box, animated);
    }

    areaOf(entities) {
        const left = Math.min(...entities.map(entity => entity.x));
        const top = Math.min(...entities.map(entity => entity.y));

        return {
            x: left, y: top, width: Math.max(...entities.map(entity => entity.x + entity.width)) - left,
            height: Math.max(...entities.map(entity => entity.y + entity.height)) - top
        };
    }

    /* The first look: all of it where that can be read, else what changes, else the corner of that, where reading begins. */
    look() {
        const changed = this.entities.filter(entity => entity.changed);
        const first = changed.length ? changed : this.entities;

        if (!first.length)
            return;
        if (this.base() >= 0.6 || (this.entities.length > 60 && !changed.length))
            this.fit(false);
        else if (this.base() * Math.min(this.box.width / this.areaOf(first).width, this.box.height / this.areaOf(first).height) >= 0.6)
            this.show(this.areaOf(first), false);
        else
            this.show(this.cornerOf(first, 0.8), false, 0.8);
    }

    /* What the frame shows of the entities at SCALE, from the one on that is nearest to the upper left. */
    cornerOf(entities, scale) {
        const first = entities.reduce((best, entity) => (entity.x + entity.y < best.x + best.y ? entity : best));
        const all = this.areaOf(entities);
        const width = Math.min(all.width, this.svg.clientWidth / scale - 60), height = Math.min(all.height, this.svg.clientHeight / scale - 60);

        return { x: Math.min(first.x, all.x + all.width - width), y: Math.min(first.y, all.y + all.height - height), width, height };
    }

    /* Rows close up over those that a view does not show, and the lines go with them. */
    arrange(viewName) {
        const hidden = viewName === 'before' ? 'added' : viewName === 'after' ? 'removed' : '';

        for (const entity of this.entities) {
            if (!entity.fields.some(field => field.added || field.removed))
                continue;
            let row = 0;
            for (const field of entity.fields) {
                field.shift = (row - field.index) * ROW;
                field.element.setAttribute('transform', `translate(0 ${HEAD + row * ROW})`);
                if (!field[hidden])
                    row++;
            }
            entity.shape.setAttribute('height', entity.height - (entity.fields.length - row) * ROW);
            for (const relation of entity.relations)
                if (relation.from === entity)
                    this.shiftRelation(relation);
        }
    }

    /* The end of a line is at the row that holds the foreign key: its last two points go with it, and what is drawn at the end. */
    shiftRelation(relation) {
        const field = relation.from.fields.find(candidate => candidate.name === relation.field);

        if (!field)
            return;
        if (!relation.paths)
            relation.paths = findAll('.line, .hit, .foot', relation.element).map(path => ({ path, data: path.getAttribute('d') }));
        for (const { path, data } of relation.paths) {
            if (path.classList.contains('foot')) {
                path.setAttribute('transform', `translate(0 ${field.shift})`);
                continue;
            }
            const numbers = data.match(/-?[\d.]+/g).map(Number);

            numbers[numbers.length - 1] += field.shift;
            numbers[numbers.length - 3] += field.shift;
            path.setAttribute('d', `M${numbers.slice(0, 2).join(' ')}C${numbers.slice(2).join(' ')}`);
        }
    }

    clear() {
        for (const element of findAll('.selected, .near, .found', this.svg))
            element.classList.remove('selected', 'near', 'found');
        this.svg.classList.remove('focused');
        this.selected = null;
    }

    select(entity, fieldName, move = true) {
        this.clear();
        this.selected = entity;
        this.svg.classList.add('focused');
        entity.element.classList.add('selected');
        for (const relation of entity.relations) {
            relation.element.classList.add('near');
            relation.from.element.classList.add('near');
            relation.to.element.classList.add('near');
        }
        const field = entity.fields.find(candidate => candidate.name === fieldName || (candidate.was && candidate.was === fieldName));
        if (field)
            field.element.classList.add('found');
        if (move)
            this.show(this.areaOf([entity]), true, Math.max(0.8, Math.min(1, this.scale())));
    }
}

/* The tools around the diagrams. */

class Viewer {
    constructor(root) {
        this.root = root;
        this.card = find('.card', root);
        this.search = find('#search');
        this.results = find('#results');
        this.diagrams = findAll('.frame', root).map(frame => new Diagram(frame, frame.dataset.prefix));
        this.current = this.diagrams[0];
        this.whole = this.diagrams[this.diagrams.length - 1];
        this.setUpSwitches();
        this.setUpButtons();
        this.setUpSearch();
        for (const diagram of this.diagrams)
            this.setUpDiagram(diagram);
        this.showScope(this.current.frame.dataset.scope);
        window.addEventListener('resize', () => this.current.fitHeight());
    }

    setUpSwitches() {
        for (const input of findAll('input[name=view]', this.root))
            input.addEventListener('change', () => this.diagrams.forEach(diagram => diagram.arrange(input.value)));
        for (const input of findAll('input[name=scope]', this.root))
            input.addEventListener('change', () => this.showScope(input.value));
    }

    showScope(scope) {
        for (const diagram of this.diagrams) {
            const shown = diagram.frame.dataset.scope === scope;

            diagram.frame.hidden = !shown;
            if (!shown)
                continue;
            this.current = diagram;
            diagram.fitHeight();
            if (!diagram.looked) {
                diagram.look();
                diagram.looked = true;
            }
            for (const input of findAll('input[name=scope]', this.root))
                input.checked = input.value === scope;
        }
        this.close();
    }

    setUpButtons() {
        const actions = {
            in: () => this.current.zoomBy(1.3), out: () => this.current.zoomBy(1 / 1.3), fit: () => this.current.fit(),
            next: () => this.step(1), previous: () => this.step(-1), expand: () => this.expand()
        };

        for (const button of findAll('[data-action]', this.root))
            button.addEventListener('click', () => actions[button.dataset.action]());
        for (const link of findAll('[data-goto]'))
            link.addEventListener('click', event => {
                if (!this.goto(link.dataset.goto))
                    return;
                event.preventDefault();
                this.root.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
                if (event.detail === 0) /* by the keyboard: it goes on from there */
                    this.current.svg.focus({ preventScroll: true });
            });
        document.addEventListener('keydown', event => this.onKey(event));
    }

    onKey(event) {
        const typing = event.target.closest('input[type=search], textarea');

        if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
            event.preventDefault();
            this.search.focus();
        } else if (event.key === 'Escape' && !typing) {
            if (this.current.selected)
                this.close();
            else if (this.root.classList.contains('expanded'))
                this.expand();
        }
    }

    expand() {
        const button = find('[data-action=expand]', this.root);
        const expanded = this.root.classList.toggle('expanded');

        button.setAttribute('aria-pressed', expanded);
        this.current.fitHeight();
        this.current.look();
    }

    /* To the next thing that changes, by where it stands: column by column. */
    step(direction) {
        const list = this.current.entities.filter(entity => entity.changed).sort((a, b) => a.x - b.x || a.y - b.y);
        const at = list.indexOf(this.current.selected);

        if (list.length)
            this.select(list[(at + direction + list.length + (at < 0 && direction < 0 ? 1 : 0)) % list.length]);
    }

    /* "Invoice" or "Invoice.note"; false when there is no such entity. */
    goto(subject) {
        for (const diagram of [this.current, this.whole]) {
            let cut = subject.length;

            while (cut > 0) {
                const entity = diagram.byName.get(subject.slice(0, cut));

                if (entity) {
                    if (diagram !== this.current)
                        this.showScope(diagram.frame.dataset.scope);
                    this.select(entity, this.fieldOf(entity, subject.slice(cut + 1)));
                    return true;
                }
                cut = subject.lastIndexOf('.', cut - 1);
            }
        }
        return false;
    }

    /* A relation is found at the field that holds it. */
    fieldOf(entity, name) {
        const relation = entity.relations.find(candidate => candidate.from === entity && candidate.name === name);

        return relation && !entity.fields.some(field => field.name === name) ? relation.field : name;
    }

    select(entity, field, move = true) {
        this.current.select(entity, field, move);
        this.showCard(entity);
    }

    close() {
        if (this.card.contains(document.activeElement))
            this.current.svg.focus({ preventScroll: true });
        this.current.clear();
        this.card.hidden = true;
    }

    /* What an entity is joined to, as buttons: the way for the keyboard. */
    showCard(entity) {
        const heading = make('h3', '', entity.name);
        const shut = make('button', 'shut', '×');

        heading.tabIndex = -1;
        shut.setAttribute('aria-label', 'Close');
        shut.addEventListener('click', () => this.close());
        this.card.replaceChildren(heading, shut);
        if (entity.was)
            this.card.append(make('p', 'quiet', `was ${entity.was}`));
        this.addList('refers to', entity.relations.filter(relation => relation.from === entity), relation => relation.to);
        this.addList('is referred to by', entity.relations.filter(relation => relation.to === entity), relation => relation.from);
        if (!entity.relations.length)
            this.card.append(make('p', 'quiet', 'no relations'));
        this.card.hidden = false;
    }

    addList(title, relations, other) {
        if (!relations.length)
            return;
        const list = make('ul');

        for (const relation of relations) {
            const item = make('li');
            const button = make('button', 'follow', other(relation).name);
            const mark = find('.mark', relation.element);

            if (mark)
                item.append(make('span', 'mark', mark.textContent));
            item.append(button);
            if (relation.name)
                item.append(make('span', 'quiet', relation.name));
            button.addEventListener('click', () => {
                this.follow(relation, other(relation));
                find('h3', this.card).focus({ preventScroll: true });
            });
            list.append(item);
        }
        this.card.append(make('h4', '', title), list);
    }

    follow(relation, entity) {
        this.select(entity, entity === relation.from ? relation.field : undefined);
    }

    /* Search. */

    setUpSearch() {
        this.index = this.whole.entities.flatMap(entity => [
            { text: entity.name, was: entity.was, entity },
            ...entity.fields.map(field => ({ text: `${entity.name}.${field.name}`, was: field.was, own: field.name, entity, field: field.name }))
        ]);
        this.search.addEventListener('input', () => this.find());
        this.search.addEventListener('keydown', event => this.onSearchKey(event));
        this.search.addEventListener('focus', () => this.find());
        this.search.addEventListener('blur', () => setTimeout(() => this.hideResults(), 150));
    }

    /* Entities before fields, beginnings before middles. */
    matches(words) {
        const rank = entry => {
            const text = (entry.own || entry.text).toLowerCase();

            if (!words.includes('.') ? !text.includes(words) && !entry.was.toLowerCase().includes(words) : !entry.text.toLowerCase().includes(words))
                return -1;
            return (entry.field ? 2 : 0) + (text.startsWith(words) ? 0 : 1);
        };

        return this.index.map(entry => ({ entry, rank: rank(entry) })).filter(match => match.rank >= 0)
            .sort((a, b) => a.rank - b.rank || a.entry.text.localeCompare(b.entry.text, 'en')).map(match => match.entry);
    }

    find() {
        const words = this.search.value.trim().toLowerCase();
        const all = words ? this.matches(words) : [];

        this.found = all.slice(0, 40);
        this.results.replaceChildren(...this.found.map((entry, index) => {
            const item = make('li', entry.field ? 'of-field' : 'of-entity', entry.text);

            item.id = `result-${index}`;
            item.setAttribute('role', 'option');
            if (entry.was)
                item.append(make('span', 'quiet', ` was ${entry.was}`));
            item.addEventListener('mousedown', event => event.preventDefault());
            item.addEventListener('click', () => this.choose(index));
            return item;
        }));
        if (words && all.length !== this.found.length)
            this.results.append(this.remark(`and ${all.length - this.found.length} more`));
        if (words && !all.length)
            this.results.append(this.remark('nothing is called so'));
        this.results.hidden = !words;
        this.search.setAttribute('aria-expanded', String(Boolean(words)));
        this.filter(words ? new Set(all.map(entry => entry.entity.name)) : null);
        this.mark(0);
    }

    /* A line of the list that cannot be chosen, but is read aloud. */
    remark(text) {
        const item = make('li', 'quiet', text);

        item.id = `result-${this.found.length}`;
        item.setAttribute('role', 'option');
        item.setAttribute('aria-disabled', 'true');
        return item;
    }

    /* While one types, what does not match steps back. */
    filter(names) {
        for (const diagram of this.diagrams) {
            diagram.svg.classList.toggle('filtered', Boolean(names));
            for (const entity of diagram.entities)
                entity.element.classList.toggle('match', Boolean(names && names.has(entity.name)));
        }
    }

    mark(index) {
        this.marked = index;
        findAll('[role=option]', this.results).forEach((item, at) => item.setAttribute('aria-selected', at === index));
        const item = find(`#result-${index}`);
        this.search.setAttribute('aria-activedescendant', item ? item.id : '');
        if (item)
            item.scrollIntoView({ block: 'nearest' });
    }

    onSearchKey(event) {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            this.mark(clamp(this.marked + (event.key === 'ArrowDown' ? 1 : -1), 0, Math.max(0, this.found.length - 1)));
        } else if (event.key === 'Enter' && this.found.length) {
            event.preventDefault();
            this.choose(this.marked);
        } else if (event.key === 'Escape') {
            this.search.value = '';
            this.find();
        }
    }

    choose(index) {
        const entry = this.found[index];

        this.hideResults();
        this.goto(entry.field ? `${entry.entity.name}.${entry.field}` : entry.entity.name);
    }

    hideResults() {
        this.results.hidden = true;
        this.search.setAttribute('aria-expanded', 'false');
        this.filter(null);
    }

    /* Pointer, wheel and keys on a diagram. */

    setUpDiagram(diagram) {
        const pointers = new Map();
        let moved = 0;

        diagram.svg.addEventListener('pointerdown', event => {
            pointers.set(event.pointerId, diagram.unit(event));
            moved = 0;
        });
        diagram.svg.addEventListener('pointermove', event => {
            const before = pointers.get(event.pointerId);
            const now = diagram.unit(event);

            if (!before)
                return;
            if (!event.buttons) {
                release(event); /* it was let go of outside */
                return;
            }
            pointers.set(event.pointerId, now);
            if (pointers.size === 1 && event.pointerType === 'touch' && !this.root.classList.contains('expanded'))
                return;
            moved += Math.hypot(now.x - before.x, now.y - before.y) * diagram.base();
            if (pointers.size === 2)
                pinch(event.pointerId, before, now);
            else if (moved > 4) {
                if (!diagram.svg.hasPointerCapture(event.pointerId))
                    diagram.svg.setPointerCapture(event.pointerId);
                diagram.svg.classList.add('dragged');
                diagram.move(now.x - before.x, now.y - before.y);
            }
        });
        const pinch = (id, before, now) => {
            const other = [...pointers].find(([key]) => key !== id)[1];
            const distance = point => Math.hypot(point.x - other.x, point.y - other.y);

            diagram.zoomAt(other.x, other.y, distance(now) / Math.max(1, distance(before)));
        };
        const release = event => {
            pointers.delete(event.pointerId);
            diagram.svg.classList.remove('dragged');
        };
        diagram.svg.addEventListener('pointerup', release);
        diagram.svg.addEventListener('pointercancel', release);
        diagram.svg.addEventListener('touchmove', event => {
            if (event.touches.length > 1)
                event.preventDefault();
        }, { passive: false });
        diagram.svg.addEventListener('click', event => {
            if (moved <= 4)
                this.onClick(diagram, event.target);
        });
        diagram.svg.addEventListener('wheel', event => this.onWheel(diagram, event), { passive: false });
        diagram.svg.addEventListener('keydown', event => this.onDiagramKey(diagram, event));
    }

    /* A field that refers, or a line: to its other end. */
    onClick(diagram, target) {
        const line = target.closest('.relation');
        const row = target.closest('.field.reference');
        const box = target.closest('.entity');

        if (line) {
            const relation = line.relation;

            this.follow(relation, diagram.selected === relation.to ? relation.from : relation.to);
        } else if (row) {
            const relation = box.entity.relations.find(candidate => candidate.from === box.entity && candidate.field === row.dataset.name);

            if (relation)
                this.follow(relation, relation.to);
            else
                this.select(box.entity, row.dataset.name, false);
        } else if (box)
            this.select(box.entity, undefined, diagram.svg.classList.contains('far'));
        else
            this.close();
    }

    /* A page is scrolled past a diagram without being caught in it: the wheel zooms once the diagram was clicked, or with Ctrl. */
    onWheel(diagram, event) {
        if (!event.ctrlKey && !event.metaKey && document.activeElement !== diagram.svg && !this.root.classList.contains('expanded'))
            return;
        event.preventDefault();
        const place = diagram.unit(event);
        const pixels = event.deltaY * (event.deltaMode === 1 ? 18 : 1);

        diagram.zoomAt(place.x, place.y, Math.exp(-clamp(pixels, -120, 120) * (event.ctrlKey ? 0.006 : 0.0025)));
    }

    onDiagramKey(diagram, event) {
        const step = 60 / diagram.base();
        const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
        const zooms = { '+': 1.3, '=': 1.3, '-': 1 / 1.3 };

        if (event.ctrlKey || event.metaKey || event.altKey)
            return;
        if (moves[event.key])
            diagram.move(...moves[event.key], true);
        else if (zooms[event.key])
            diagram.zoomBy(zooms[event.key]);
        else if (event.key === '0')
            diagram.fit();
        else if (event.key === 'n' || event.key === 'p')
            this.step(event.key === 'n' ? 1 : -1);
        else
            return;
        event.preventDefault();
    }
}

setUpTheme();
if (find('.viewer'))
    new Viewer(find('.viewer'));
