/* The style sheets and the script of the page, as built from the folder page (embed.cmake). */
#ifndef PERSIST_PAGE_H
#define PERSIST_PAGE_H

extern const char page_palette_css[];
extern const char page_diagram_css[];
extern const char page_page_css[];
extern const char page_page_js[];

/* "sha256-…" of what stands between the tags, as a content security policy names it: of the three style sheets one behind the other, and of
 * the script. */
extern const char page_style_hash[];
extern const char page_script_hash[];

#endif
