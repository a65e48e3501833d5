export declare function isFresh(main: URL, inputs: URL, top: URL): boolean;
