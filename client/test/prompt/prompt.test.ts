import { describe, expect, test } from 'vitest';
import { PeerError } from '../../src/peer/errors.ts';
import { type PromptCommand, PromptError } from '../../src/prompt/command.ts';
import { Prompt } from '../../src/prompt/prompt.ts';
import { quoted, splitWords } from '../../src/prompt/words.ts';

describe('words of a line', () => {
  test.each([
    ['', []],
    ['  \t ', []],
    ['lookup  8d31 ', ['lookup', '8d31']],
    ['store "naïve 日本 😀.txt" x', ['store', 'naïve 日本 😀.txt', 'x']],
    [`store 'it "is"'`, ['store', 'it "is"']],
    ['a""b "" c', ['ab', '', 'c']],
    ['store C:\\files\\a.txt', ['store', 'C:\\files\\a.txt']],
  ])('%j', (line, words) => expect(splitWords(line)).toEqual(words));

  test('a quote without an end is told', () => {
    expect(() => splitWords('store "a b')).toThrow('the quote " is not closed');
  });

  test.each(['a', 'a b', '', "it's", 'say "hi"'])('what is quoted is read back: %j', (word) => {
    expect(splitWords(quoted(word))).toEqual([word]);
  });
});

function setUp() {
  const lines: string[] = [];
  const bugs: unknown[] = [];
  const commands: readonly PromptCommand[] = [
    {
      name: 'greet',
      aliases: ['hi'],
      parameters: ['<name>', '[times]'],
      help: 'say hello',
      complete: () => ['Ann', 'Anna Lena', 'Bert'],
      run: ([name, times = '1'], print) => {
        for (let time = 0; time < Number(times); time += 1) print(`hello ${name}`);
      },
    },
    {
      name: 'fail',
      parameters: ['<how>'],
      help: 'fail',
      run: async ([how]) => {
        if (how === 'peer') throw new PeerError('full', 'the ring is full');
        throw how === 'prompt' ? new PromptError('it cannot be done') : new TypeError('x is undefined');
      },
    },
  ];
  const print = (line: string): void => void lines.push(line);
  const complain = (line: string): void => void lines.push(`! ${line}`);
  const prompt = new Prompt(commands, { print, complain, bug: (error) => bugs.push(error) });
  return { prompt, lines, bugs };
}

describe('a prompt', () => {
  test.each<[string, readonly string[], boolean]>([
    ['greet Ann', ['hello Ann'], true],
    ['hi "Anna Lena" 2', ['hello Anna Lena', 'hello Anna Lena'], true],
    ['', [], true],
    ['greet', ['! greet: <name> is missing: type "greet <name> [times]"'], false],
    [
      'greet a b c',
      ['! greet: "c" is too much: type "greet <name> [times]"; put quotes around what has spaces in it'],
      false,
    ],
    ['frobnicate x', ['! unknown command "frobnicate": type "help" for those there are'], false],
    ['GREET x', ['! unknown command "GREET": type "help" for those there are'], false],
    ['greet "x', ['! the quote " is not closed: put another one at its end'], false],
    ['fail peer', ['! fail: the ring is full'], false],
    ['fail prompt', ['! fail: it cannot be done'], false],
    ['fail badly', ['! fail: something unexpected went wrong: x is undefined'], false],
  ])('answers %j', async (line, expected, isDone) => {
    const { prompt, lines, bugs } = setUp();
    expect(await prompt.run(line)).toBe(isDone);
    expect(lines).toEqual(expected);
    expect(bugs).toHaveLength(line === 'fail badly' ? 1 : 0);
  });

  test('helps', async () => {
    const { prompt, lines } = setUp();
    await prompt.run('help');
    await prompt.run('help hi');
    await prompt.run('? nothing');
    expect(lines).toEqual([
      'greet <name> [times]  say hello (also: hi)',
      'fail <how>            fail',
      'help [command]        the commands, or what one of them does (also: ?)',
      'greet <name> [times]  say hello (also: hi)',
      '! help: unknown command "nothing": type "help" for those there are',
    ]);
  });

  test.each([
    ['', ['fail', 'greet', 'help', 'hi']],
    ['h', ['help', 'hi']],
    ['greet A', ['greet Ann', 'greet "Anna Lena"']],
    ['hi ', ['hi Ann', 'hi "Anna Lena"', 'hi Bert']],
    ['help gr', ['help greet']],
    ['nothing A', []],
    ['fail ', []],
  ])('completes %j', (line, expected) => expect(setUp().prompt.complete(line)).toEqual(expected));
});
