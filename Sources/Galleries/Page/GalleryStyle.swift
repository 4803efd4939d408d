/// How the page looks: one column on a phone, more where there is room, dark where the reader's system is.
enum GalleryStyle {
  static let sheet: StaticString = """

    :root { color-scheme: light dark; --text: #1c2126; --soft: #5b6670; --page: #f6f7f8; --card: #ffffff;
      --line: #dde1e5; --link: #0b62c4; --hit: #14733b; --miss: #b3261e; --grey: #cfd5da;
      --c0: #2166c2; --c1: #d06a00; --c2: #1b8a5a; --c3: #a03aa8; --c4: #7a6200; --c5: #00838f; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #e4e8eb; --soft: #9aa6b0; --page: #14181b; --card: #1e2428; --line: #343c43;
        --link: #7db8ff; --hit: #6fd196; --miss: #ff9089; --grey: #3a434a;
        --c0: #6ea8ff; --c1: #ffa24d; --c2: #5fd3a0; --c3: #d98ae0; --c4: #d9c04a; --c5: #58cbd6; } }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0 auto; max-width: 78rem; padding: 1rem; background: var(--page); color: var(--text);
      font: 1rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
    a { color: var(--link); }
    h1 { font-size: 1.5rem; margin: 0; }
    header p { margin: 0 0 .5rem; color: var(--soft); }
    nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
    nav a { padding: .35rem 0; }
    h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
    h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
    h4 { font-size: .95rem; margin: 0 0 .25rem; }
    small, .note, .legend, figcaption { font-size: .85rem; color: var(--soft); }
    .note { margin: .25rem 0 .75rem; max-width: 60rem; }
    bdi { unicode-bidi: isolate; }
    table { border-collapse: collapse; background: var(--card); font-variant-numeric: tabular-nums;
      overflow-wrap: normal; }
    td, th { padding: .35rem .8rem; border: 1px solid var(--line); text-align: right; font-weight: normal; }
    th:first-child { text-align: left; }
    td small { white-space: nowrap; }
    td[colspan] { text-align: center; }
    .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
    .plot { margin: 0; padding: .75rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
    .chart { display: block; width: 100%; height: auto; }
    .chart text { font-size: 12px; fill: var(--soft); }
    .grid { stroke: var(--line); }
    .curve { fill: none; stroke-width: 2; }
    .legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin: .25rem 0 0; }
    .key { display: inline-block; width: .75rem; height: .75rem; margin-right: .35rem; border-radius: .15rem;
      background: currentColor; }
    .series0 { color: var(--c0); } .series1 { color: var(--c1); } .series2 { color: var(--c2); }
    .series3 { color: var(--c3); } .series4 { color: var(--c4); } .series5 { color: var(--c5); }
    .curve { stroke: currentColor; }
    .dot, .bar { fill: currentColor; }
    .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 34rem), 1fr)); gap: 1rem; }
    .card { display: flex; gap: 1rem; padding: .75rem; background: var(--card); border: 1px solid var(--line);
      border-radius: .5rem; }
    .card .photo { flex: 0 0 min(40%, 224px); }
    .photo { margin: 0; }
    .photo .picture { display: block; max-width: 100%; height: auto; border-radius: .25rem; }
    .symbols { position: absolute; width: 0; height: 0; }
    .photo figcaption { margin-top: .2rem; font-size: .75rem; }
    .missing { display: flex; align-items: center; justify-content: center; min-height: 7rem; padding: .5rem;
      border-radius: .25rem; background: var(--grey); font-size: .8rem; text-align: center; }
    ul { margin: 0 0 .6rem; padding: 0; list-style: none; font-size: .92rem; }
    li { display: grid; grid-template-columns: 4.4em 1fr; align-items: baseline; padding: .1rem 0; }
    li > :last-child, h4 { max-height: 12rem; overflow-y: auto; }
    .score { color: var(--soft); font-size: .85em; font-variant-numeric: tabular-nums; }
    .hit { color: var(--hit); font-size: .85em; font-weight: normal; white-space: nowrap; }
    .miss { color: var(--miss); font-size: .85em; font-weight: normal; white-space: nowrap; }
    .rows, .pairs { display: grid; gap: 1rem; }
    .pairs { grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); }
    .pairs .strip { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .pair { display: flex; gap: 1rem; margin-bottom: .75rem; }
    .pair .photo { flex: 0 0 min(40%, 224px); }
    .row { padding: .75rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
    .strip { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: .6rem; }
    .strip bdi { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .strip .picture, .strip .missing { width: 100%; height: 8rem; }
    .strip .own .picture, .strip .own .missing { outline: 3px solid var(--hit); outline-offset: 1px; }
    @media (max-width: 34rem) {
      body { padding: .6rem; }
      td, th { padding: .3rem .45rem; font-size: .9rem; }
      td b { display: block; }
      .card { flex-direction: column; gap: .5rem; }
      .card .photo { flex: none; }
      .strip { grid-template-columns: repeat(3, minmax(0, 1fr)); }
      .strip .picture, .strip .missing { height: 6rem; }
    }

    """
}
